export { default as CoverageChart } from './CoverageChart.svelte';
export { default as NumberBlocks } from './NumberBlocks.svelte';
export { default as Qr } from './Qr.svelte';
export { default as SupplyPath } from './SupplyPath.svelte';
export { default as Timeline } from './Timeline.svelte';
export { default as WeaponMarks } from './WeaponMarks.svelte';
export type { CoveragePoint } from './coverage';
