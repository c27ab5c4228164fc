import { couponDifferences } from '@/coupons/difference';
import { couponsOf, withCoupons, type Coupons } from '@/coupons/model';
import { priceDifferences } from '@/prices/difference';
import { pricesOf, withPrices, type Prices } from '@/prices/model';
import { tagDifferences, tagsOf, withTags, type Tag } from '@/tags/model';
import { tierDifferences } from '@/tiers/difference';
import { tiersOf, withTiers, type Tiers } from '@/tiers/model';
import { differences, type Change } from './difference';
import { expiryDifferences, expiryOf, withExpiry, type Expiry } from './expiry';
import { earningOf, rulesOf, withEarning, type Earning, type ProgrammeDocument } from './model';
import { referralDifferences, referralOf, withReferral, type Referral } from './referral';
import { transferDifferences, transferOf, withTransfer, type Transfer } from './transfer';

/** What the page of the rules edits of a document. Whoever adds a part adds it in this file, and draft, versions and publishing all know it. */
export interface DraftParts { earning: Earning; coupons: Coupons; expiry: Expiry; transfer: Transfer; tiers: Tiers; tags: Tag[]; prices: Prices; referral: Referral | null }

export const partsOf = (document: ProgrammeDocument): DraftParts =>
  ({
    earning: earningOf(document), coupons: couponsOf(document), expiry: expiryOf(document), transfer: transferOf(document), tiers: tiersOf(document), tags: tagsOf(document), prices: pricesOf(document),
    referral: referralOf(document),
  });

/** The whole document with these parts; everything else stays as it was. */
export function withParts(document: ProgrammeDocument, parts: DraftParts): ProgrammeDocument {
  const points = withTransfer(withExpiry(withEarning(document, parts.earning), parts.expiry), parts.transfer);
  return withPrices(withTags(withTiers(withCoupons(withReferral(points, parts.referral), parts.coupons), parts.tiers), parts.tags), parts.prices);
}

/** What publishing the one would do to the other, in the order in which it is told. */
export function changesBetween(before: DraftParts, after: DraftParts): Change[] {
  return [
    ...expiryDifferences(before.expiry, after.expiry), ...transferDifferences(before.transfer, after.transfer), ...differences(rulesOf(before.earning), rulesOf(after.earning)), ...couponDifferences(before.coupons, after.coupons),
    ...tierDifferences(before.tiers, after.tiers), ...tagDifferences(before.tags, after.tags), ...priceDifferences(before.prices, after.prices), ...referralDifferences(before.referral, after.referral),
  ];
}
