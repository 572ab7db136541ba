/** Topic of a registered organisation. Its event names the organisation as its entity. */
export type OrganisationTopic = 'supply.organisation-registered';

export function isOfOrganisation({ topic }: { topic: string }): boolean {
  return topic.startsWith('supply.organisation-');
}
