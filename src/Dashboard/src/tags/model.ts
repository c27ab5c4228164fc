import type { Problem } from '@/api/types';
import { differencesOf, isSame, type ChangeOf } from '@/rules/difference';
import type { ProgrammeDocument } from '@/rules/model';
import { rebaseOf } from '@/rules/rebase';

/** The dictionary of customers' tags: the `tags` part of a programme document, as docs/domain/tags.md writes it down. */
export interface Tag { id: string; nameZh: string; nameEn: string }

/** A tag that a customer carries, as the server shows it. */
export interface HeldTag { id: string; name: { zh: string; en: string }; until?: string | null }

export type TagChange = ChangeOf<Tag> & { of: 'tag' };

export const tagsOf = (document: ProgrammeDocument): Tag[] => (document['tags'] as Tag[] | undefined) ?? [];

/** The whole document with another dictionary. No tags where there was no dictionary either writes none. */
export function withTags(document: ProgrammeDocument, tags: readonly Tag[]): ProgrammeDocument {
  return document['tags'] === undefined && tags.length === 0 ? document : { ...document, tags: [...tags] };
}

// A tag is its names and nothing else: it is added, removed or called another way.
const meaning = (): string => '';

export const tagDifferences = (before: readonly Tag[], after: readonly Tag[]): TagChange[] => differencesOf(before, after, meaning).map((change) => ({ ...change, of: 'tag' }));

/** My changes to the dictionary since a version, made again on top of another one. */
export function rebaseTags(base: readonly Tag[], mine: readonly Tag[], theirs: readonly Tag[]): { tags: Tag[]; both: string[] } {
  const { rules, both } = rebaseOf(base, mine, theirs, (one, other) => isSame(one, other, meaning));
  return { tags: rules, both };
}

export const isOfTags = (error: Problem): boolean => /^tags([.[]|$)/.test(error.field ?? '');
