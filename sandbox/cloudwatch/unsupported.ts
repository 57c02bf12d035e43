/** Something that AWS would refuse, or that the sandbox does not do and therefore refuses; the message says what. */
export class Unsupported extends Error {}
