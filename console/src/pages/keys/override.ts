import type { StartShowResponse } from '../../api';

/** Whether checkpoints wait for the witnesses: of a node that runs, only then there is something to do. */
export const waits_for_witnesses = (start: Pick<StartShowResponse, 'state' | 'next'>): boolean =>
  start.state === 'RUNNING' && start.next !== '';
