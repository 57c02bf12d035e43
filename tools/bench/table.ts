/** One line: what was measured, ours beside what it is measured against. */
export interface Row {
  readonly name: string;
  readonly ours: number;
  /** Measured in the same run; absent where there is nothing to compare with. */
  readonly bare?: number;
  /** The most that ours may be of the bare one. */
  readonly limit?: number;
}

/** Rows that measure the same thing in the same unit. */
export interface Section {
  readonly title: string;
  readonly unit: 'ms' | 'KB' | '';
  readonly rows: readonly Row[];
  /** What the numbers count, told below them. */
  readonly lines?: readonly string[];
}

const HEAD = ['', 'ours', 'bare', 'ratio', 'at most', ''];

/** Ours over the bare one. */
export function ratioOf({ ours, bare }: Row): number | undefined {
  return bare === undefined ? undefined : ours / bare;
}

/** Whether a row's ratio exceeds its limit, as shown: both with two decimals. */
export function isOver(row: Row): boolean {
  const ratio = ratioOf(row);
  return row.limit !== undefined && ratio !== undefined && Number(ratio.toFixed(2)) > row.limit;
}

/** All sections as one table of aligned columns, each ratio beside its limit. */
export function renderTable(sections: readonly Section[]): string {
  const lines = sections.flatMap(({ title, unit, rows, lines: told = [] }) => [
    { text: `\n${title}`, cells: [] },
    ...rows.map((row) => ({ text: '', cells: cellsOf(row, unit) })),
    ...told.map((line) => ({ text: `    ${line}`, cells: [] })),
  ]);
  const all = [HEAD, ...lines.map(({ cells }) => cells)];
  const widths = HEAD.map((_, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  const align = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [align(HEAD), ...lines.map(({ text, cells }) => (cells.length === 0 ? text : align(cells)))].join('\n');
}

function cellsOf(row: Row, unit: Section['unit']): string[] {
  const { name, ours, bare, limit } = row;
  return [
    `  ${name}`,
    quantity(ours, unit),
    bare === undefined ? '' : quantity(bare, unit),
    ratioOf(row)?.toFixed(2) ?? '',
    limit?.toFixed(2) ?? '',
    isOver(row) ? 'OVER' : '',
  ];
}

function quantity(value: number, unit: Section['unit']): string {
  return `${value.toFixed(1)} ${unit}`.trimEnd();
}
