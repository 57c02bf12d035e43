import { openLocalStage } from './support/local-stage.ts';
import { tellStories } from './support/stories.ts';

describe("the handlers on the SDK's own local runner", () => {
  beforeAll(() => {
    jest.spyOn(console, 'log').mockImplementation(() => {}); // what handlers log is CloudWatch's elsewhere
  });
  tellStories(openLocalStage);
});
