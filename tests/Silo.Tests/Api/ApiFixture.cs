using ChainCrm.Domain;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>One server for the tests of a class: stores S1, S2 and S3 with a till each, an office key that sees personal data, a viewer.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    private ApiServer _server = null!;
    private int _phones;

    public ApiServer Server => _server;
    public ApiCaller Office => _server.As(_server.OfficeKey);
    public ApiCaller Till { get; private set; } = null!;
    public ApiCaller Till2 { get; private set; } = null!;
    public ApiCaller Till3 { get; private set; } = null!;
    public ApiCaller Viewer { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        foreach (var store in new[] { "S1", "S2", "S3" })
            (await Office.PostAsync("/v1/stores", "open-" + store, $$"""{"id":"{{store}}","name":"Store {{store}}","region":"East","city":"Shanghai"}""")).Good();
        Till = _server.As(await KeyAsync("""{"role":"till","store":"S1","till":"T1"}"""));
        Till2 = _server.As(await KeyAsync("""{"role":"till","store":"S2","till":"T1"}"""));
        Till3 = _server.As(await KeyAsync("""{"role":"till","store":"S3","till":"T1"}"""));
        Viewer = _server.As(await KeyAsync("""{"role":"viewer"}"""));
    }

    /// <summary>A new access key.</summary>
    public async Task<string> KeyAsync(string request) =>
        (await Office.PostAsync("/v1/keys", "key-" + Guid.NewGuid().ToString("N"), request)).Good().Word("key")!;

    /// <summary>A telephone number that no other test of the class has.</summary>
    public string NewPhone() => "138" + (10_000_000 + Interlocked.Increment(ref _phones)).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A member of store S1.</summary>
    public async Task<string> MemberAsync(string? phone = null) =>
        (await Till.PostAsync("/v1/customers", "enrol-" + Guid.NewGuid().ToString("N"), $$"""{"name":"王小明","phone":"{{phone ?? NewPhone()}}","birthday":"1990-05-17"}"""))
            .Good().Word("id")!;

    /// <summary>A sale of one line to a customer.</summary>
    public static string Sale(string customer, string receipt, long price, string more = "") =>
        $$"""{"customer":{"id":"{{customer}}"},"receipt":"{{receipt}}",{{more}}"lines":[{"line":1,"product":"P-1","quantity":1,"priceMinor":{{price}}}]}""";

    /// <summary>Refuses everything that reaches the engine while it is held.</summary>
    public IDisposable EngineRefuses(Rejection with) => _server.Engine.RefuseWith(with);

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();
}
