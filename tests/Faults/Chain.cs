using System.Globalization;
using System.Net;
using System.Text.Json;

namespace ChainCrm.Faults;

/// <summary>What the campaign's chain is: rules so simple that a few sums say what must be in it.</summary>
internal static class Chain
{
    // One point for each whole unit of money that is paid, no tiers above the first, no bonus, nothing expires: every balance is a sum.
    private const string Rules = """
        {"name":"Faults","currency":"CNY","timeZone":"Asia/Shanghai",
         "points":{"perUnit":1,"expiry":{"kind":"never"},"valueMinor":1,"negativeBalance":true},
         "tiers":[{"id":"member","nameZh":"会员","nameEn":"Member","spendMinor":0,"multiplierPercent":100}],
         "purchases":{"earliest":"2000-01-01","returnWindowDays":null}}
        """;

    /// <summary>Minor units that one point is worth when a customer pays with it.</summary>
    public const long PointValueMinor = 1;

    /// <summary>Publishes the rules, opens stores.</summary>
    public static async Task MakeAsync(Till till, Uri address)
    {
        await SendAsync(till, address, HttpMethod.Put, "/v1/programme", $$"""{"basedOnVersion":0,"document":{{Rules}}}""", "rules");
        for (var store = 1; store <= FaultsLimits.Stores; store++)
            await SendAsync(till, address, HttpMethod.Post, "/v1/stores", $$"""{"id":"S{{store}}","name":"Store {{store}}","region":"East","city":"Town"}""", $"store-{store}");
    }

    public static Command Enrol(string key) => new($"hq/{key}", Kind.Enrolment, key, "/v1/customers",
        $$"""{"store":"S1","name":"测试","card":"{{CardOf($"hq/{key}")}}"}""", null, 0);

    /// <summary>The card that a command enrols a customer with: letters and digits alone, because the server leaves out what else people print on cards.</summary>
    public static string CardOf(string command) => "F" + command.Split('/')[1].Replace('-', 'X').ToUpperInvariant().PadLeft(12, '0');

    public static Command Buy(string key, string customer, int store, long amountMinor, long usePoints) => new($"S{store}/{key}", Kind.Purchase, key, "/v1/purchases",
        string.Create(CultureInfo.InvariantCulture,
            $$"""{"customer":{"id":"{{customer}}"},"store":"S{{store}}","receipt":"{{key}}","usePoints":{{usePoints}},"lines":[{"line":1,"product":"P1","category":"C","quantity":1,"priceMinor":{{amountMinor}}}]}"""),
        customer, (amountMinor - usePoints * PointValueMinor) / 100 - usePoints) { AmountMinor = amountMinor };

    public static Command TakeBack(string key, Command purchase, int store) => new($"hq/{key}", Kind.Return, key, "/v1/returns",
        $$"""{"customer":{"id":"{{purchase.Customer}}"},"store":"S{{store}}","purchaseStore":"{{purchase.Id.Split('/')[0]}}","purchaseReceipt":"{{purchase.Key}}","reason":"{{key}}"}""",
        purchase.Customer, -purchase.Points) { AmountMinor = purchase.AmountMinor };

    public static Command Redeem(string key, string customer, int store, int points) => new($"hq/{key}", Kind.Redemption, key, "/v1/redemptions",
        string.Create(CultureInfo.InvariantCulture, $$"""{"customer":{"id":"{{customer}}"},"store":"S{{store}}","points":{{points}},"reason":"{{key}}"}"""), customer, -points);

    public static Command Adjust(string key, string customer, int store, int points) => new($"hq/{key}", Kind.Adjustment, key, "/v1/adjustments",
        string.Create(CultureInfo.InvariantCulture, $$"""{"customer":{"id":"{{customer}}"},"store":"S{{store}}","points":{{points}},"reason":"{{key}}"}"""), customer, points);

    /// <summary>The number of a refusal that settles a command; null when the same command may be sent again.</summary>
    public static int? Settles(HttpStatusCode? status, string text)
    {
        if (status is null or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.InsufficientStorage or HttpStatusCode.InternalServerError) return null;
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        var code = problem.GetProperty("code").GetInt32();
        // The engine's own numbers, a reservation of a card whose first attempt was cut off, and nothing else, pass later.
        return code is >= 900 and < 1_000 && problem.GetProperty("mayPassLater").GetBoolean() || code == 304 ? null : code;
    }

    private static async Task SendAsync(Till till, Uri address, HttpMethod method, string path, string body, string key)
    {
        var (status, text) = await till.SendAsync(address, method, path, body, key);
        if (status is not (HttpStatusCode.OK or HttpStatusCode.Created)) throw new InvalidOperationException($"{method} {path}: {status} {text}");
    }
}
