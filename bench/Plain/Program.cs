using System.Globalization;
using System.Net;
using ChainCrm.Client.Wire;
using ChainCrm.Plain;
using Npgsql;

// The peer of the benchmarks: the same request and reply over HTTP, one PL/pgSQL function with the same effect behind it.
//   Plain.dll CONNECTION_STRING CUSTOMERS POOL
if (args is not [var connection, var customers, var pool])
{
    Console.Error.WriteLine("A connection string, a number of customers to begin with, and a number of connections to the database.");
    return 1;
}

await using var source = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(connection)
{
    MaxPoolSize = int.Parse(pool, CultureInfo.InvariantCulture),
    MaxAutoPrepare = 16,
    AutoPrepareMinUsages = 1,
    NoResetOnClose = true,
    Enlist = false,
}.ConnectionString).Build();
await Schema.MakeAsync(source, int.Parse(customers, CultureInfo.InvariantCulture));

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Default));
await using var app = builder.Build();
var purchases = new Purchases(source);
app.MapPost("/v1/purchases", (PurchaseRequest request, HttpContext http) => purchases.RecordAsync(request, http.Request.Headers["Idempotency-Key"].ToString(), http.RequestAborted));
// The load generator asks for one customer before it begins.
app.MapPost("/v1/identify", (CustomerKey key, HttpContext http) => purchases.IdentifyAsync(key, http.RequestAborted));
await app.StartAsync();
Console.WriteLine(app.Urls.First());
await app.WaitForShutdownAsync();
return 0;
