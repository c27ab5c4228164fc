using System.Globalization;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Silo.Api;

namespace ChainCrm.Silo.Why;

/// <summary>Tiers, stores and amounts as people call them.</summary>
internal sealed class Names(ApiServices api, string chain, Programme programme)
{
    /// <summary>A tier by its name in the programme version; its id when the version has none.</summary>
    public Sentence Tier(string id)
    {
        var rank = programme.RankOf(new TierId(id));
        return rank < 0 ? new Sentence(id, id) : new Sentence(programme.Tiers[rank].NameZh, programme.Tiers[rank].NameEn);
    }

    /// <summary>An earning rule by its name in the programme version; its id when the version has none.</summary>
    public Sentence Rule(string id) =>
        programme.Earning.Find(id) is { } rule ? new Sentence(rule.NameZh, rule.NameEn) : new Sentence(id, id);

    /// <summary>A kind of coupon by its name in the programme version; its id when the version has none.</summary>
    public Sentence Coupon(string id) =>
        programme.Coupons.Find(id) is { } kind ? new Sentence(kind.NameZh, kind.NameEn) : new Sentence(id, id);

    /// <summary>A member price by its name in the programme version; its id when the version has none.</summary>
    public Sentence MemberPrice(string id) =>
        programme.MemberPrices.Find(id) is { } price ? new Sentence(price.NameZh, price.NameEn) : new Sentence(id, id);

    /// <summary>An early access by its name in the programme version; its id when the version has none.</summary>
    public Sentence EarlyAccess(string id) =>
        programme.EarlyAccess.Find(id) is { } access ? new Sentence(access.NameZh, access.NameEn) : new Sentence(id, id);

    /// <summary>A tag by its name in the programme version; its id when the version has none.</summary>
    public Sentence Tag(string id) => programme.TagOf(id) is { } tag ? new Sentence(tag.NameZh, tag.NameEn) : new Sentence(id, id);

    /// <summary>A store by its name today; its id when it has none.</summary>
    public string Store(string id) => api.Directories.Store(chain, new StoreId(id))?.Name ?? id;

    /// <summary>¥1,234.50, or EUR 1,234.50.</summary>
    public string Money(Money amount)
    {
        // Most currencies have hundredths (ISO 4217).
        var (minorPerMajor, form) = programme.Currency switch
        {
            "JPY" or "KRW" or "VND" or "CLP" or "ISK" or "PYG" => (1m, "N0"),
            "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => (1_000m, "N3"),
            _ => (100m, "N2"),
        };
        var number = (amount.Minor / minorPerMajor).ToString(form, CultureInfo.InvariantCulture);
        return programme.Currency == "CNY" ? $"¥{number}" : $"{programme.Currency} {number}";
    }

    /// <summary>yyyy-MM-dd.</summary>
    public static string Day(BusinessDay day) => day.ToDate().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The local day of an instant.</summary>
    public string DayOf(Timestamp at) => Day(BusinessClock.At(programme, at).Day);

    /// <summary>The local time of an instant: yyyy-MM-dd HH:mm:ss.</summary>
    public string TimeOf(Timestamp at) => DateTimeOffset.FromUnixTimeMilliseconds(at.UnixMs).AddMinutes(BusinessClock.At(programme, at).OffsetMinutes)
        .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A number with thousands apart.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A fraction without zeros at its end: 1.5.</summary>
    public static string Decimal(decimal number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
