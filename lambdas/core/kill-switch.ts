/** The one item that stops all acting: only `released` lets the system act. */
export interface KillSwitch {
  /** `absent`: no person ever switched this stack on. */
  readonly state: 'absent' | 'thrown' | 'released';
  readonly changedBy?: string;
  readonly changedAt?: string;
  readonly reason?: string;
}
