import { tellStories } from './support/stories.ts';
import { openWorldStage } from './support/world-stage.ts';

describe("the deployed functions on the sandbox's durable service", () => {
  tellStories(openWorldStage);
});
