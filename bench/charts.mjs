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

const growth = read('growth.json')?.figures
if (growth) {
  const middle = (part, size, what) => {
    const found = growth.find(f => f.part === part && f.size === size && f.what === what)
    return found ? Number(median(found.values).toFixed(2)) : null
  }
  const curves = (name, title, part, type, whats) => {
    const sizes = [...new Set(growth.filter(f => f.part === part).map(f => f.size))]
    if (!sizes.length) return
    draw(name, {
      title: { text: title, left: 10, top: 8, textStyle: { fontSize: 15 } },
      legend: { top: 36, left: 10 },
      xAxis: { type: 'category', data: sizes, axisLabel: { interval: 0, width: 150, overflow: 'break' } },
      yAxis: { type, ...(type === 'log' ? {} : { min: 0 }) },
      series: whats.map(what => ({ name: what, type: part === 'hot' ? 'bar' : 'line', data: sizes.map(size => middle(part, size, what)) })),
    })
  }
  curves('growth-customers.svg', 'Processor per purchase by customers stored, µs', 'customers', 'value', ['cold, processor µs each', 'warm, processor µs each', 'one activation, processor µs'])
  curves('growth-customers-p99.svg', 'p99 by customers stored, 1,024 outstanding, ms', 'customers', 'value', ['cold, p99 ms', 'warm, p99 ms'])
  curves('growth-history.svg', 'Processor per further purchase by entries of history, µs', 'history', 'value', ['a further purchase, processor µs each'])
  curves('growth-activation.svg', 'One activation by entries of history, µs (logarithmic)', 'history', 'log', ['one activation (snapshot + tail), µs', 'one activation without snapshot, µs'])
  curves('growth-stores.svg', 'Processor per purchase by stores, read side included, µs', 'stores', 'value', ['with the read side, processor µs each'])
  curves('growth-hot.svg', 'Commands a second, spread and on one grain', 'hot', 'value', ['all, a second'])
}
