/** A request that a person got wrong: the message says what was wrong, what was got and what is allowed. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/** The function was deployed without something that it needs. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}

/** Another function speaks a contract that this one does not know. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}
