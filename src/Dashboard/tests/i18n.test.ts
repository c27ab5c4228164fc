import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { en } from '@/i18n/en';
import { zh } from '@/i18n/zh';

type Tree = { readonly [key: string]: string | Tree };

const flat = (tree: Tree, prefix = ''): [string, string][] => Object.entries(tree).flatMap(([key, value]) =>
  (typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`)));
const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!).sort();
const chinese = new Map(flat(zh));
const english = new Map(flat(en));

// Names and marks that are the same in every language.
const sameEverywhere = new Set(['language.zh', 'language.en', 'signIn.placeholder', 'wall.top']);

const root = fileURLToPath(new URL('../src', import.meta.url));
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(vue|ts)$/.test(file) && !file.startsWith('i18n'))
  .map((file) => ({ file, text: readFileSync(`${root}/${file}`, 'utf8') }));

describe('both languages', () => {
  it('have the same keys', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  });

  it('leave no text empty and name the same places to fill', () => {
    for (const [key, text] of chinese) {
      expect(text.trim(), key).not.toBe('');
      expect(english.get(key)!.trim(), key).not.toBe('');
      expect(places(english.get(key)!), key).toEqual(places(text));
    }
  });

  it('no English is left over in Chinese texts, and no Chinese in English ones', () => {
    const mixed = [...chinese].filter(([key, text]) => !sameEverywhere.has(key)
      && /[A-Za-z]{2,}/.test(text.replace(/\{\w+\}/g, '').replace('office.key', ''))).map(([key]) => key);
    const leftOver = [...english].filter(([key, text]) => !sameEverywhere.has(key) && /[\u4e00-\u9fff]/.test(text)).map(([key]) => key);
    expect(mixed).toEqual([]);
    expect(leftOver).toEqual([]);
  });

  it('every text that a page asks for exists, and no text is there for nobody', () => {
    const asked = new Set<string>();
    const begun: string[] = [];
    for (const { text } of sources) {
      for (const found of text.matchAll(/\bt\(\s*'([\w.]+)'/g)) asked.add(found[1]!);
      for (const found of text.matchAll(/'((?:\w+\.)+\w+)'/g)) if (chinese.has(found[1]!)) asked.add(found[1]!);
      for (const found of text.matchAll(/\bt\(\s*`([\w.]+)\$\{/g)) begun.push(found[1]!);
      for (const found of text.matchAll(/\? '(\w+\.\w+)'/g)) if (chinese.has(found[1]!)) asked.add(found[1]!);
    }
    expect([...asked].filter((key) => !chinese.has(key))).toEqual([]);
    const unused = [...chinese.keys()].filter((key) => !asked.has(key) && !begun.some((start) => key.startsWith(start)));
    expect(unused).toEqual([]);
  });

  it('no Chinese stands in a page outside the language files', () => {
    const found = sources.filter(({ file }) => file !== 'wall/layout.ts').flatMap(({ file, text }) => text.split('\n')
      .filter((line) => /[\u4e00-\u9fff]/.test(line.replace(/\/\/.*$|\/\*.*?\*\/|^\s*\*.*$/g, '')))
      .filter((line) => !(file === 'lib/format.ts' && /亿|万/.test(line)))
      .map((line) => `${file}: ${line.trim()}`));
    expect(found).toEqual([]);
  });
});
