import type { DeviceFault, DeviceFaultBeds, DeviceFaultStep } from '../generated/prisma/client.js';

export type FaultRow = Omit<DeviceFault, 'seq'>;
export type FaultBedsRow = DeviceFaultBeds;
export type FaultStepRow = Omit<DeviceFaultStep, 'seq'>;
