/** A refusal as the SSM API words it: `type` is the error's name in AWS clients. */
export class SsmError extends Error {
  override readonly name = 'SsmError';
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}
