import { request } from '@/api/http';
import type { LocalName } from '@/api/types';
import { useSession } from '@/session';

interface ProgrammeReply { document?: { tiers?: { id: string; nameZh: string; nameEn: string }[] } }

let asked: Promise<ReadonlyMap<string, LocalName>> | null = null;

/** The tiers' names by id, from the running programme; empty for callers who may not read it. Asked once per visit. */
export function tierNames(): Promise<ReadonlyMap<string, LocalName>> {
  if (!useSession().mayLookUpCustomers) return Promise.resolve(new Map());
  asked ??= request<ProgrammeReply>('GET', '/v1/programme')
    .then((reply) => new Map((reply.document?.tiers ?? []).map((tier) => [tier.id, { zh: tier.nameZh, en: tier.nameEn }])))
    // Without the names a line still says that the tier changed; the next visit asks again.
    .catch(() => {
      asked = null;
      return new Map();
    });
  return asked;
}
