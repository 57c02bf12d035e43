/** Documents that AWS owns and that every account has. */
export const BUILT_IN_DOCUMENTS: Readonly<Record<string, unknown>> = {
  'AWS-RunShellScript': {
    schemaVersion: '2.2',
    description: 'Run a shell script or specify the commands to run.',
    parameters: {
      commands: { type: 'StringList', description: '(Required) Specify a shell script or a command to run.' },
      workingDirectory: {
        type: 'String',
        default: '',
        description: '(Optional) The path to the working directory on your instance.',
      },
      executionTimeout: {
        type: 'String',
        default: '3600',
        description: '(Optional) The time in seconds for a command to complete before it is considered to have failed.',
        allowedPattern: '([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)',
      },
    },
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: 'aws_runShellScript',
        inputs: {
          timeoutSeconds: '{{ executionTimeout }}',
          runCommand: '{{ commands }}',
          workingDirectory: '{{ workingDirectory }}',
        },
      },
    ],
  },
};
