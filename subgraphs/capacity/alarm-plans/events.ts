/** Topic of an alarm plan that begins or ends. Its event names the facility as its entity. */
export type AlarmPlanTopic = 'capacity.alarm-plan-changed';
