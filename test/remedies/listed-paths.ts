/** The whole paths that a manifest lists: each line's is in the folder that the last line beginning with `in` names. */
export function pathsIn(manifest: string): string[] {
  let folder = '';
  return manifest
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('in\t')) {
        folder = line.slice(3);
        return [];
      }
      const path = line.split('\t').slice(3).join('\t');
      return [`${folder}/${path}`.replaceAll('%0A', '\n').replaceAll('%25', '%')];
    });
}
