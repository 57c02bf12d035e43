import { fromEnv } from '@aws-sdk/credential-provider-env';

/** Stands for the SDK's default provider in the bundles: Lambda gives credentials in the environment, nothing else is tried. */
export const defaultProvider = () => fromEnv();
