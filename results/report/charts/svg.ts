/**
 * Charts as SVG text by echarts without a browser. In: an option, a size, title and description for those who do not see it.
 * Out: inline SVG without any address, with ids of its own, so that several fit in one page and the same run gives the same bytes.
 */
import * as echarts from 'echarts'
import { html, trusted, type Html } from '../markup.ts'

export type Chart = { id: string; width: number; height: number; title: string; description: string; option: echarts.EChartsOption }

export const INK = '#1c2b3a'
export const QUIET = '#5b6877'
export const RULE = '#dfe3e8'
/** In single quotes: the library writes it unescaped into an attribute. */
export const FONT = 'system-ui, \'Segoe UI\', Roboto, \'Noto Sans\', \'Helvetica Neue\', Arial, sans-serif'

export function svgOf({ id, width, height, title, description, option }: Chart): Html {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: FONT, color: INK }, ...option })
    const drawn = chart.renderToSVGString()
    const inner = drawn.slice(drawn.indexOf('>') + 1, drawn.lastIndexOf('</svg>'))
      // Marks for a browser's interaction, of which there is none; the library counts its ids up over the whole process.
      .replace(/<style >.*?<\/style>/gs, '').replace(/ (?:ecmeta_\w+|pointer-events|class)="[^"]*"/g, '').replace(/\bzr\d+-/g, `${id}-`)
    return html`<div class="chart" tabindex="0" role="group" aria-label="${title}"><svg role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>${trusted(inner)}</svg></div>`
  } finally { chart.dispose() }
}
