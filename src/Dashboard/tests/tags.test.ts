import { describe, expect, it } from 'vitest';
import { isOfTags, rebaseTags, tagDifferences, tagsOf, withTags, type Tag } from '@/tags/model';

const tag = (id: string, nameZh = id): Tag => ({ id, nameZh, nameEn: id });

describe('the dictionary of tags', () => {
  it('is written only where there is one, and leaves the rest of the document alone', () => {
    expect(withTags({ name: 'a' }, [])).toEqual({ name: 'a' });
    expect(withTags({ name: 'a', tags: [tag('x')] }, [])).toEqual({ name: 'a', tags: [] });
    expect(tagsOf(withTags({ name: 'a' }, [tag('x')]))).toEqual([tag('x')]);
  });

  it('differs by what was added, removed and called another way', () => {
    expect(tagDifferences([tag('a'), tag('b')], [tag('a', '甲'), tag('c')]).map(({ kind, id, of }) => [kind, id, of]))
      .toEqual([['renamed', 'a', 'tag'], ['added', 'c', 'tag'], ['removed', 'b', 'tag']]);
    expect(tagDifferences([tag('a')], [tag('a')])).toEqual([]);
  });

  it('takes my changes along to another version, and tells what both sides changed', () => {
    const base = [tag('a'), tag('b')];
    expect(rebaseTags(base, [tag('a'), tag('b'), tag('mine')], [tag('a'), tag('theirs')])).toEqual({ tags: [tag('a'), tag('mine'), tag('theirs')], both: [] });
    expect(rebaseTags(base, [tag('a', '甲'), tag('b')], [tag('a', '乙'), tag('b')])).toEqual({ tags: [tag('a', '甲'), tag('b')], both: ['a'] });
    expect(rebaseTags(base, base, [tag('b')])).toEqual({ tags: [tag('b')], both: [] });
  });

  it('knows its mistakes by their field', () => {
    expect(['tags', 'tags[0].nameZh', 'tags.x', 'tagsOther', 'earning.rules[0].when.in[0]'].map((field) => isOfTags({ field } as never))).toEqual([true, true, true, false, false]);
  });
});
