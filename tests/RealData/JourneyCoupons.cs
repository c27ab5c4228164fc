using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using ChainCrm.Client.Replay;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;

namespace ChainCrm.RealData;

/// <summary>A campaign of complete_journey with its days.</summary>
internal sealed record JourneyCampaign(string Id, BusinessDay First, BusinessDay Last);

/// <summary>A coupon that a household redeemed.</summary>
internal sealed record JourneyRedemption(string Household, string Upc, string Campaign, BusinessDay Day)
{
    /// <summary>The kind in the programme.</summary>
    public string Kind => $"{Upc}.{Campaign}";
}

/// <summary>complete_journey's campaigns, coupons, redemptions and baskets, and the programme that each day has: a kind for every coupon that was ever redeemed, good on the days of its
/// campaign, for the products that the data names for it (of those the year's receipts know).</summary>
internal sealed class JourneyCoupons
{
    private const int ValuesPerCondition = 500;
    private readonly Dictionary<string, Programme> _programmes = new(StringComparer.Ordinal);

    public IReadOnlyList<JourneyCampaign> Campaigns { get; } =
        [.. Rows("campaign_descriptions").Select(row => new JourneyCampaign(row("campaign_id"), Day(row("start_date")), Day(row("end_date"))))];

    public IReadOnlyList<JourneyRedemption> Redemptions { get; } =
        [.. Rows("coupon_redemptions").Select(row => new JourneyRedemption(row("household_id"), row("coupon_upc"), row("campaign_id"), Day(row("redemption_date"))))];

    /// <summary>Lines of each household's day, in the order of the file; amounts in minor units.</summary>
    public ILookup<(string Household, BusinessDay Day), (string Product, long Minor)> Lines { get; } =
        Rows("transactions").ToLookup(
            row => (row("household_id"), Day(row("transaction_timestamp")[..10])),
            row => (row("product_id"), (long)(decimal.Parse(row("sales_value"), CultureInfo.InvariantCulture) * 100)));

    /// <summary>The products of each kind that was redeemed.</summary>
    public ILookup<string, string> Products { get; }

    public JourneyCoupons()
    {
        var sold = Lines.SelectMany(day => day).Select(line => line.Product).ToHashSet(StringComparer.Ordinal);
        var redeemed = Redemptions.Select(redemption => redemption.Kind).ToHashSet(StringComparer.Ordinal);
        // A coupon whose products nobody bought keeps its first one, so that it is for something.
        var all = Rows("coupons").Select(row => (Kind: $"{row("coupon_upc")}.{row("campaign_id")}", Product: row("product_id"))).Where(pair => redeemed.Contains(pair.Kind)).ToLookup(pair => pair.Kind, pair => pair.Product);
        Products = all.SelectMany(kind => (kind.Any(sold.Contains) ? kind.Where(sold.Contains) : kind.Take(1)).Select(product => (kind.Key, product))).ToLookup(pair => pair.Key, pair => pair.product);
    }

    /// <summary>The programme of a day: the kinds of the campaigns that run.</summary>
    public Programme On(BusinessDay day)
    {
        var running = Campaigns.Where(campaign => campaign.First <= day && campaign.Last >= day).ToList();
        var name = string.Join(',', running.Select(campaign => campaign.Id));
        if (_programmes.TryGetValue(name, out var known)) return known;
        return _programmes[name] = DomainProgrammes.PlainWith(document => DomainProgrammes.Coupons(
            document, [.. running.SelectMany(KindsOf)], [], """[{"id":"all","perReceipt":20}]"""));
    }

    private IEnumerable<string> KindsOf(JourneyCampaign campaign) => Products.Where(kind => kind.Key.EndsWith("." + campaign.Id, StringComparison.Ordinal)).Select(kind => new JsonObject
    {
        ["id"] = kind.Key,
        ["campaign"] = campaign.Id,
        ["perReceipt"] = 20,
        ["give"] = new JsonObject { ["kind"] = "percent", ["percent"] = 10 },
        ["valid"] = new JsonObject { ["from"] = Text(campaign.First), ["to"] = Text(campaign.Last) },
        ["when"] = new JsonObject
        {
            ["any"] = new JsonArray([.. kind.Chunk(ValuesPerCondition).Select(products => new JsonObject
            {
                ["fact"] = "product", ["in"] = new JsonArray([.. products.Select(product => (JsonNode)product)]),
            })]),
        },
    }.ToJsonString());

    private static string Text(BusinessDay day) => day.ToDate().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static BusinessDay Day(string text) => BusinessDay.From(DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture));

    private static IEnumerable<Func<string, string>> Rows(string name)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Places.DataFile("complete_journey", name + ".csv.gz")), CompressionMode.Decompress));
        var header = reader.ReadLine()!.Split(',');
        // No field of these files has a comma in quotes.
        while (reader.ReadLine()?.Split(',') is { } cells) yield return column => cells[Array.IndexOf(header, column)];
    }
}
