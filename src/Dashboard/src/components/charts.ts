// ECharts by parts: only what the charts of the product draw with.
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import VChart from 'vue-echarts';

use([BarChart, LineChart, GridComponent, TooltipComponent, CanvasRenderer]);

export { VChart };

/** The page's font: a canvas does not inherit it. */
export const chartFont = (): string => getComputedStyle(document.body).fontFamily;

/** True when the reader asked for stillness. */
export const still = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
