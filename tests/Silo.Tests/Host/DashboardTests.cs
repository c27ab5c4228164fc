using System.IO.Compression;
using System.Net;
using ChainCrm.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Host;

public sealed class DashboardTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dashboard").FullName;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
    private WebApplication? _app;

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "assets"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "index.html"), "<!doctype html><title>连锁</title>");
        await File.WriteAllTextAsync(Path.Combine(_folder, "assets", "app-1a2b3c.js"), new string('x', 5_000));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        KestrelSetup.Configure(builder, new HttpSettings { Port = 0 });
        builder.Services.AddRouting();
        _app = builder.Build();
        var files = DashboardFiles.Read(_folder);
        _app.UseRouting();
        _app.Use(next => context => files.ServeAsync(context, next));
        _app.MapGet("/v1/stats", () => "42");
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async Task DisposeAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/members/c123")]
    [InlineData("/wall")]
    public async Task Every_page_of_the_app_is_the_entry_page_and_may_load_from_here_only(string path)
    {
        using var reply = await _http.GetAsync(new Uri(path, UriKind.Relative));
        reply.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await reply.Content.ReadAsStringAsync()).ShouldContain("连锁");
        reply.Headers.CacheControl!.NoCache.ShouldBeTrue();
        reply.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self';");
        reply.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        reply.Headers.Contains("Server").ShouldBeFalse();
    }

    [Theory]
    [InlineData("/v1/nothing")]
    [InlineData("/hub/nothing")]
    [InlineData("/health/nothing")]
    [InlineData("/assets/old.js")]
    [InlineData("/../secret.txt")]
    public async Task An_address_that_is_no_page_is_not_answered_with_one(string path) =>
        (await _http.GetAsync(new Uri(path, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task Endpoints_come_before_pages() => (await _http.GetStringAsync(new Uri("/v1/stats", UriKind.Relative))).ShouldBe("42");

    [Fact]
    public async Task Hashed_files_are_kept_for_ever_and_sent_compressed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/assets/app-1a2b3c.js");
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        using var reply = await _http.SendAsync(request);
        reply.Headers.CacheControl!.ToString().ShouldContain("immutable");
        reply.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        using var brotli = new BrotliStream(await reply.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(brotli);
        (await reader.ReadToEndAsync()).Length.ShouldBe(5_000);
    }

    [Fact]
    public async Task A_file_the_browser_has_is_not_sent_again()
    {
        using var first = await _http.GetAsync(new Uri("/", UriKind.Relative));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await _http.SendAsync(request);
        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_reading_is_answered() =>
        (await _http.PostAsync(new Uri("/", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
}
