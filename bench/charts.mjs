// Draws artifacts/bench/*.json into docs/charts: node bench/charts.mjs
import { createRequire } from 'node:module'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const echarts = createRequire(new URL('../src/Dashboard/package.json', import.meta.url))('echarts')
const folder = new URL('../docs/charts/', import.meta.url)
const colours = ['#8a94a6', '#2f6fde', '#2a9d8f', '#d98e04', '#b5525c']
mkdirSync(folder, { recursive: true })

const median = values => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted.length % 2 ? sorted[(sorted.length - 1) / 2] : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2
}

const draw = (name, option) => {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 900, height: 420 })
  chart.setOption({ animation: false, backgroundColor: '#fff', color: colours, textStyle: { fontFamily: 'sans-serif' }, grid: { left: 70, right: 20, top: 70, bottom: 50 }, ...option })
  writeFileSync(new URL(name, folder), chart.renderToSVGString())
  chart.dispose()
}

const read = name => {
  const file = new URL(`../artifacts/bench/${name}`, import.meta.url)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}

const peers = read('peers.json')
if (peers) {
  const loads = [...new Set(peers.map(m => m.load).filter(load => /^\d+ connections$/.test(load)))].filter(load => peers.some(m => m.load === load && m.system === 'echo'))
  const systems = [...new Set(peers.filter(m => loads.includes(m.load)).map(m => m.system))].filter(system => !system.startsWith('Redis'))
  const of = (system, load, pick) => median(peers.filter(m => m.system === system && m.load === load).map(pick))
  const bars = (title, name, least, pick) => draw(name, {
    title: { text: title, left: 10, top: 8, textStyle: { fontSize: 15 } },
    legend: { top: 36, left: 10 },
    xAxis: { type: 'category', data: loads },
    yAxis: { type: 'log', min: least, startValue: least },
    series: systems.map(system => ({ name: system, type: 'bar', data: loads.map(load => Number(of(system, load, pick).toFixed(2))) })),
  })
  bars('Purchases a second over HTTP (logarithmic)', 'peers-rate.svg', 1000, m => m.perSecond)
  bars('p99 in milliseconds over HTTP (logarithmic)', 'peers-p99.svg', 0.1, m => m.p99Ms)
}
