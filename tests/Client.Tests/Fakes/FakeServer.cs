using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCrm.Client.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Client.Tests.Fakes;

/// <summary>One request as the server saw it.</summary>
internal sealed record Seen(string Method, string Path, string? Key, string? Authorization, string Body);

/// <summary>
/// A real HTTP server on a free port that keeps stores, customers and purchases in dictionaries, answers what a test plants, and
/// remembers every request. It knows nothing of rules: whatever is new is recorded, whatever is repeated gets the same answer.
/// </summary>
internal sealed class FakeServer : IAsyncDisposable
{
    public const string AccessKey = "ck_test_secret";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Seen, Task<bool>>> _interceptors = new();

    private readonly ConcurrentDictionary<string, Func<HttpContext, Seen, Task<bool>>> _atPath = new();

    private FakeServer(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;
    public ConcurrentQueue<Seen> Requests { get; } = new();
    public ConcurrentDictionary<string, string> Stores { get; } = new();
    public ConcurrentDictionary<string, string> Customers { get; } = new();
    public ConcurrentDictionary<string, PurchaseRequest> Purchases { get; } = new();
    public ConcurrentDictionary<string, ReturnRequest> Returns { get; } = new();
    public List<JournalEntryView> Journal { get; } = [];
    public List<CustomerFigures> Figures { get; } = [];
    public List<StoreView> StoreViews { get; } = [];
    public StatsReply? Stats { get; set; }
    public ProgrammeView Programme { get; set; } = new(0, JsonDocument.Parse("{}").RootElement, null, null);

    public static async Task<FakeServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        var addresses = app.Services.GetService(typeof(Microsoft.AspNetCore.Hosting.Server.IServer)) as Microsoft.AspNetCore.Hosting.Server.IServer;
        server.Address = new Uri(addresses!.Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return server;
    }

    public ChainCrmClientOptions Options() => new() { Server = Address, AccessKey = AccessKey, RetryDelay = TimeSpan.FromMilliseconds(1) };

    /// <summary>The next request is answered by this instead; when it returns false the server's own answer follows.</summary>
    public void Next(Func<HttpContext, Seen, Task<bool>> answer) => _interceptors.Enqueue(answer);

    /// <summary>The next request to a path is answered by this instead.</summary>
    public void NextAt(string path, Func<HttpContext, Seen, Task<bool>> answer) => _atPath[path] = answer;

    /// <summary>The next request is refused.</summary>
    public void NextRefuses(int status, int code, bool mayPassLater = false, string? retryAfter = null) => Next(async (http, _) =>
    {
        if (retryAfter is not null) http.Response.Headers.RetryAfter = retryAfter;
        await RefuseAsync(http, status, code, mayPassLater);
        return true;
    });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    public static Task RefuseAsync(HttpContext http, int status, int code, bool mayPassLater = false) => WriteAsync(
        http, new Problem { Status = status, Code = code, Name = $"fake.{code}", Title = $"Refused with {code}.", MayPassLater = mayPassLater }, WireJson.Default.Problem, status);

    private async Task HandleAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var seen = new Seen(
            http.Request.Method, http.Request.Path + http.Request.QueryString, http.Request.Headers["Idempotency-Key"], http.Request.Headers.Authorization,
            await reader.ReadToEndAsync());
        Requests.Enqueue(seen);
        if (_interceptors.TryDequeue(out var answer) && await answer(http, seen)) return;
        if (_atPath.TryRemove(http.Request.Path.Value!, out answer) && await answer(http, seen)) return;
        await AnswerAsync(http, seen);
    }

    private Task AnswerAsync(HttpContext http, Seen seen) => (seen.Method, http.Request.Path.Value) switch
    {
        ("GET", "/v1/stores") => WriteAsync(http, new StoreList(StoreViews.Count > 0 ? StoreViews : [.. Stores.Keys.Select(Store)]), WireJson.Default.StoreList),
        ("POST", "/v1/stores") => OpenStoreAsync(http, Read(seen, WireJson.Default.StoreRequest)),
        ("POST", "/v1/customers") => EnrolAsync(http, Read(seen, WireJson.Default.EnrolRequest)),
        ("POST", "/v1/bench/echo") => WriteAsync(http, new PurchaseReply { Store = "S1", Receipt = seen.Key! }, WireJson.Default.PurchaseReply),
        ("POST", "/v1/purchases") => BuyAsync(http, Read(seen, WireJson.Default.PurchaseRequest)),
        ("POST", "/v1/purchases/batch") => BatchAsync(http, Read(seen, WireJson.Default.PurchaseBatchRequest)),
        ("POST", "/v1/returns") => ReturnAsync(http, seen, Read(seen, WireJson.Default.ReturnRequest)),
        ("POST", "/v1/audit/customers") => AuditAsync(http, Read(seen, WireJson.Default.CustomerFiguresRequest)),
        ("GET", "/v1/journal") => JournalAsync(http),
        ("GET", "/v1/programme") => WriteAsync(http, Programme, WireJson.Default.ProgrammeView),
        ("GET", "/v1/stats") => WriteAsync(http, Stats ?? Totals(), WireJson.Default.StatsReply),
        _ => RefuseAsync(http, 404, 1001),
    };

    private Task OpenStoreAsync(HttpContext http, StoreRequest request)
    {
        Stores[request.Id!] = request.Name!;
        return WriteAsync(http, new StoreReply { Id = request.Id!, Name = request.Name }, WireJson.Default.StoreReply, 201);
    }

    private Task EnrolAsync(HttpContext http, EnrolRequest request)
    {
        var id = Customers.GetOrAdd(request.ExternalId ?? request.Card!, number => "c" + number);
        return WriteAsync(http, new EnrolReply(id, "member", request.Store!, 1), WireJson.Default.EnrolReply, 201);
    }

    private Task BuyAsync(HttpContext http, PurchaseRequest request) =>
        Buy(request) is { Reply: { } reply } ? WriteAsync(http, reply, WireJson.Default.PurchaseReply) : RefuseAsync(http, 422, 116);

    private Task BatchAsync(HttpContext http, PurchaseBatchRequest request) =>
        WriteAsync(http, new PurchaseBatchReply([.. request.Purchases!.Select(Buy)]), WireJson.Default.PurchaseBatchReply);

    private PurchaseResult Buy(PurchaseRequest request)
    {
        if (request.Lines!.Any(line => line.Quantity < 0)) return new PurchaseResult { Problem = new Problem { Status = 422, Code = 116, Name = "customer.quantity-invalid" } };
        Purchases.TryAdd($"{request.Store}/{request.Receipt}", request);
        return new PurchaseResult { Reply = new PurchaseReply { Customer = request.Customer?.Id, Store = request.Store!, Receipt = request.Receipt! } };
    }

    private Task ReturnAsync(HttpContext http, Seen seen, ReturnRequest request)
    {
        if (!Purchases.ContainsKey($"{request.PurchaseStore}/{request.PurchaseReceipt}")) return RefuseAsync(http, 422, 150);
        Returns.TryAdd(seen.Key!, request);
        return WriteAsync(
            http,
            new ReturnReply { Customer = request.Customer!.Id!, PurchaseStore = request.PurchaseStore!, PurchaseReceipt = request.PurchaseReceipt! },
            WireJson.Default.ReturnReply);
    }

    private Task AuditAsync(HttpContext http, CustomerFiguresRequest request) =>
        WriteAsync(http, new CustomerFiguresReply([.. request.Ids!.SelectMany(id => Figures.Where(figures => figures.Id == id))]), WireJson.Default.CustomerFiguresReply);

    private Task JournalAsync(HttpContext http)
    {
        var after = long.Parse(http.Request.Query["after"]!, System.Globalization.CultureInfo.InvariantCulture);
        // Two entries a page, so that paging is part of every test.
        return WriteAsync(http, new JournalPage([.. Journal.Where(entry => entry.Position > after).Take(2)], Journal.Count), WireJson.Default.JournalPage);
    }

    private StatsReply Totals() => new()
    {
        Members = Customers.Count,
        Stores = Stores.Count,
        Purchases = Purchases.Values.Count(purchase => purchase.Customer is not null),
        WalkIns = Purchases.Values.Count(purchase => purchase.Customer is null),
        Returns = Returns.Count,
        RevenueMinor = Purchases.Values.Sum(purchase => purchase.Lines!.Sum(line => line.PriceMinor - line.DiscountMinor)),
    };

    private static StoreView Store(string id) => new() { Id = id, Name = id, Region = "r", City = "c", Status = "open" };

    private static T Read<T>(Seen seen, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(seen.Body, type)!;

    private static async Task WriteAsync<T>(HttpContext http, T value, JsonTypeInfo<T> type, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, type));
    }
}
