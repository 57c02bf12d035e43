/** An error answer of the Lambda API: `type` is AWS's name of the exception, `status` its HTTP status. */
export class LambdaError extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.name = type;
    this.type = type;
    this.status = status;
  }
}

/** 400 for a request that AWS would refuse as wrong. */
export function invalidParameter(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}

/** 404 for a function, execution or callback that does not exist. */
export function notFound(message: string): LambdaError {
  return new LambdaError('ResourceNotFoundException', message, 404);
}
