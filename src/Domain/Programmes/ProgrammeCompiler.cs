using System.Text.Json;
using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.Domain.Programmes.EarningRules;
using ChainCrm.Domain.Programmes.Pricing;

namespace ChainCrm.Domain.Programmes;

/// <summary>Turns a document into a <see cref="Programme"/>, or into the list of everything that is wrong with it.</summary>
internal static class ProgrammeCompiler
{
    // The document is written by people: comments and trailing commas stay refused so that what is stored is JSON for every reader.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = Limits.ProgrammeDepthMax };

    public static (Programme? Programme, IReadOnlyList<Rejection> Errors) Compile(string document, int version)
    {
        if (document.Length > Limits.ProgrammeLengthMax) return (null, [ProgrammeRejections.TooLong]);
        try
        {
            using var json = JsonDocument.Parse(document, Strict);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return (null, [ProgrammeRejections.NotJson]);
            var errors = new List<Rejection>();
            var programme = Read(new ProgrammeDocument(json.RootElement, "", errors), document, version, errors);
            return errors.Count == 0 ? (programme, []) : (null, errors);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // ArgumentException: a lone surrogate in the text can't be written as UTF-8.
            return (null, [ProgrammeRejections.NotJson]);
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate passes the parser and fails when the text is read.
            return (null, [ProgrammeRejections.NotJson]);
        }
    }

    private static Programme Read(ProgrammeDocument root, string document, int version, List<Rejection> errors)
    {
        var name = root.Text("name", Limits.TextLengthMax);
        var currency = root.Text("currency", 3, t => t.Length == 3 && t.All(char.IsAsciiLetterUpper));
        var timeZone = root.Text("timeZone", Limits.IdLengthMax, IsZoneName);
        var points = root.Section("points");
        var perUnit = points.Number("perUnit", 0, Limits.PointsPerUnitMax * 10_000L, 10_000, decimals: 4);
        var activeAfterDays = points.Number("activeAfterDays", 0, Limits.ActiveAfterDaysMax, 0);
        var expiry = PointExpiry.Read(points.Section("expiry"));
        if (!expiry.IsAfter(activeAfterDays)) points.Refuse(ProgrammeRejections.ExpiresBeforeActive, "activeAfterDays");
        var value = points.Number("valueMinor", 0, Limits.PointValueMinorMax, 1);
        var negative = points.Flag("negativeBalance", true);
        var grace = points.Number("giveBackGraceDays", 0, Limits.GraceDaysMax, 7);
        var transfers = points.Has("transfer") ? TransferTerms.Read(points.Section("transfer")) : TransferTerms.None;
        points.End();
        var tiers = TierReader.Read(root);
        var window = QualifyingWindow.Read(root);
        var qualify = root.Choice("qualify", "all", "any") == "any" ? TierQualify.Any : TierQualify.All;
        var validity = root.Has("tierValidity") ? TierValidity.Read(root.Section("tierValidity")) : null;
        var crossStore = root.Section("crossStore");
        var bonus = crossStore.Number("bonusPercent", 0, Limits.BonusPercentMax, 0);
        var cap = crossStore.NumberOrNull("capPerPurchase", 0, Limits.PointsMax, null);
        var coolDown = crossStore.Number("coolDownDays", 0, Limits.CoolDownDaysMax, 0);
        crossStore.End();
        var purchases = root.Section("purchases");
        var earliest = purchases.Day("earliest", Limits.EarliestDay);
        var returnWindow = purchases.NumberOrNull("returnWindowDays", 0, Limits.ReturnWindowDaysMax, null);
        purchases.End();
        var words = new ConditionWords(tiers, Tag.Read(root));
        var earning = EarningRuleReader.Read(root.Section("earning"), words);
        var storedValue = root.Has("storedValue") ? StoredValueTerms.Read(root.Section("storedValue")) : StoredValueTerms.None;
        var coupons = root.Has("coupons") ? CouponReader.Read(root.Section("coupons"), words) : CouponTerms.None;
        var memberPrices = PricingReader.ReadPrices(root, words);
        var earlyAccess = PricingReader.ReadEarlyAccess(root, words);
        var baskets = root.Section("baskets");
        var lease = baskets.Number("leaseMinutes", 1, Limits.BasketLeaseMinutesMax, 10);
        baskets.End();
        root.End();
        return new Programme
        {
            Version = version,
            Document = document,
            ChainName = name,
            Currency = currency,
            TimeZone = timeZone,
            Tiers = errors.Count == 0 ? tiers : [],
            Window = window,
            Tags = errors.Count == 0 ? words.Tags : [],
            Qualify = qualify,
            AsksMeasures = tiers.Any(tier => tier.AsksMeasures),
            TierValidity = validity,
            PointsPerUnitE4 = perUnit,
            ActiveAfterDays = (int)activeAfterDays,
            Expiry = expiry,
            PointValue = new Money(value),
            NegativeBalance = negative,
            GiveBackGraceDays = (int)grace,
            Transfers = transfers,
            CrossStoreBonusPercent = (int)bonus,
            CrossStoreCap = cap is { } most ? new Points(most) : null,
            CrossStoreCoolDownDays = (int)coolDown,
            EarliestPurchase = earliest,
            ReturnWindowDays = (int?)returnWindow,
            StoredValue = storedValue,
            Coupons = errors.Count == 0 ? coupons : CouponTerms.None,
            MemberPrices = errors.Count == 0 ? memberPrices : MemberPriceList.None,
            EarlyAccess = errors.Count == 0 ? earlyAccess : EarlyAccessList.None,
            BasketLeaseMinutes = (int)lease,
            Earning = errors.Count == 0 ? earning : EarningRuleList.None,
        };
    }

    // Only the look of the name: whether the zone exists is for the host, which has the zones.
    private static bool IsZoneName(string text) =>
        char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '+' or '-');
}
