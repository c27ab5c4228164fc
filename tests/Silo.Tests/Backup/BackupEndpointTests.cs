using ChainCrm.Client.Backup;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Api;
using ChainCrm.Silo.Backup;
using ChainCrm.Silo.Hosting;
using ChainCrm.Silo.Problems;
using ChainCrm.Silo.Tests.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Backup;

/// <summary>POST /v1/backup: who may, one at a time, and that it changes nothing.</summary>
public sealed class BackupEndpointTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static readonly BackupKey Key = BackupKey.Generate();

    private static string Request => $$"""{"publicKey":"{{Convert.ToBase64String(Key.Public)}}"}""";

    [Fact]
    public async Task It_holds_every_entry_up_to_the_moment_it_began()
    {
        await fixture.MemberAsync();
        var head = fixture.Server.Engine.Feed.Head;
        var answer = (await fixture.Office.PostAsync("/v1/backup", null, Request)).Good();
        answer.ContentType.ShouldBe("application/octet-stream");
        answer.Headers.GetValues("X-ChainCrm-Backup-Entries").ShouldBe([head.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        fixture.Server.Engine.Feed.Head.ShouldBe(head, "a backup changes nothing");

        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, answer.Bytes);
            await using var reader = await BackupReader.OpenAsync(file, Key, CancellationToken.None);
            reader.Manifest.Position.ShouldBe(head);
            var entries = 0L;
            await foreach (var _ in reader.EntriesAsync(CancellationToken.None)) entries++;
            entries.ShouldBe(head);
            (await reader.RestAsync(static _ => ValueTask.CompletedTask, static _ => ValueTask.CompletedTask, CancellationToken.None)).ShouldBeGreaterThan(0);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_log_names_the_access_key_and_not_its_secret()
    {
        var text = await fixture.KeyAsync("""{"role":"office","label":"backups","seesPersonal":true}""");
        AccessKeyText.TryParse(text, out var id, out var secret).ShouldBeTrue();
        (await fixture.Server.As(text).PostAsync("/v1/backup", null, Request)).Good();
        fixture.Server.Log.ShouldContain(line => line.Contains("entries begins", StringComparison.Ordinal) && line.Contains($"access key {id}", StringComparison.Ordinal));
        fixture.Server.Log.ShouldNotContain(line => line.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_is_given_up_is_logged_with_the_access_key()
    {
        await using var world = new BackupWorld();
        var log = new Lines();
        var service = new BackupService(world.Journal, world.Vault, new ChainOptions(), TimeProvider.System, log);
        await (await service.BeginAsync(Key, "k7")).Backup.ShouldNotBeNull().DisposeAsync();
        log.Said.Select(line => line.Id).ShouldBe([1500, 1502]);
        log.Said.ShouldAllBe(line => line.Text.Contains("access key k7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_headquarters_with_sight_of_personal_data_may()
    {
        var blind = fixture.Server.As(await fixture.KeyAsync("""{"role":"office","label":"blind"}"""));
        (await blind.PostAsync("/v1/backup", null, Request)).Refused(403, 1050);
        (await fixture.Till.PostAsync("/v1/backup", null, Request)).Refused(403, 1034);
        (await fixture.Viewer.PostAsync("/v1/backup", null, Request)).Refused(403, 1034);
        (await fixture.Server.As(null).PostAsync("/v1/backup", null, Request)).Refused(401, 1030);
    }

    [Theory]
    [InlineData("""{"publicKey":"AAAA"}""", 422, 1051)]
    [InlineData("""{"publicKey":"not base64"}""", 422, 1051)]
    [InlineData("""{"publicKey":"BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""", 422, 1051)]
    [InlineData("{}", 400, 1007)]
    [InlineData("""{"publicKey":"AAAA","more":1}""", 400, 1006)]
    public async Task A_key_that_is_none_is_refused(string request, int status, int code) =>
        (await fixture.Office.PostAsync("/v1/backup", null, request)).Refused(status, code);

    [Fact]
    public async Task One_is_made_at_a_time_and_one_that_is_given_up_makes_room_for_the_next()
    {
        await using var world = new BackupWorld();
        var service = new BackupService(world.Journal, world.Vault, new ChainOptions(), TimeProvider.System, NullLogger<BackupService>.Instance);
        var (first, none) = await service.BeginAsync(Key, "k");
        none.ShouldBeNull();
        (await service.BeginAsync(Key, "k")).Rejection.ShouldBe(ApiRejections.BackupUnderWay);
        await first.ShouldNotBeNull().DisposeAsync();

        await using (var second = (await service.BeginAsync(Key, "k")).Backup.ShouldNotBeNull())
        {
            using var gone = new CancellationTokenSource();
            await gone.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => second.WriteAsync(new MemoryStream(), gone.Token));
            (await service.BeginAsync(Key, "k")).Rejection.ShouldBe(ApiRejections.BackupUnderWay);
        }

        await using var third = (await service.BeginAsync(Key, "k")).Backup;
        third.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_can_not_begin_leaves_the_turn_to_the_next()
    {
        await using var world = new BackupWorld();
        var hidden = world.At("hidden");
        var service = new BackupService(world.Journal, world.Vault, new ChainOptions { DataFolder = hidden }, TimeProvider.System, NullLogger<BackupService>.Instance);
        Directory.CreateDirectory(hidden);
        await File.WriteAllTextAsync(Path.Combine(hidden, "demo.json"), "{");
        for (var i = 0; i < 2; i++) await Should.ThrowAsync<WrongConfigurationException>(() => service.BeginAsync(Key, "k"));
        File.Delete(Path.Combine(hidden, "demo.json"));
        await (await service.BeginAsync(Key, "k")).Backup.ShouldNotBeNull().DisposeAsync();
    }

    [Fact]
    public async Task Keys_that_can_not_be_read_now_are_a_refusal_that_may_pass()
    {
        var (keys, aside) = (Path.Combine(fixture.Server.Folder, "keys.db"), Path.Combine(fixture.Server.Folder, "keys.db.aside"));
        if (OperatingSystem.IsWindows()) return;
        File.Move(keys, aside);
        try
        {
            (await fixture.Office.PostAsync("/v1/backup", null, Request)).Refused(503, 906);
            File.Exists(keys).ShouldBeFalse("a backup makes no file of keys");
        }
        finally
        {
            File.Move(aside, keys);
        }

        (await fixture.Office.PostAsync("/v1/backup", null, Request)).Good();
    }

    [Fact]
    public async Task A_stop_ends_it_at_once_and_a_receiver_has_a_least_pace()
    {
        await using var world = new BackupWorld();
        var service = new BackupService(world.Journal, world.Vault, new ChainOptions(), TimeProvider.System, NullLogger<BackupService>.Instance);
        using var stopping = new CancellationTokenSource();
        using var line = new Line();
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpRequestLifetimeFeature>(line);
        http.Features.Set<IHttpMinResponseDataRateFeature>(line);
        http.Response.Body = new HeldUp(line);
        await using (var backup = (await service.BeginAsync(Key, "k")).Backup.ShouldNotBeNull())
        {
            var sending = BackupEndpoint.StreamAsync(backup, http, stopping.Token);
            await line.Writing.Task.WaitAsync(TimeSpan.FromSeconds(20));
            sending.IsCompleted.ShouldBeFalse();
            await stopping.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => sending.WaitAsync(TimeSpan.FromSeconds(20)));
        }

        line.MinDataRate.ShouldNotBeNull().BytesPerSecond.ShouldBe(BackupLimits.ReceiveBytesPerSecondMin);
        await (await service.BeginAsync(Key, "k")).Backup.ShouldNotBeNull().DisposeAsync();
    }

    /// <summary>A connection that ends when it is told to, and not before.</summary>
    private sealed class Line : IHttpRequestLifetimeFeature, IHttpMinResponseDataRateFeature, IDisposable
    {
        private readonly CancellationTokenSource _ended = new();

        public TaskCompletionSource Writing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public CancellationToken RequestAborted { get => _ended.Token; set => throw new NotSupportedException(); }
        public MinDataRate? MinDataRate { get; set; }
        public void Abort() => _ended.Cancel();
        public void Dispose() => _ended.Dispose();
    }

    /// <summary>Takes nothing until the line ends.</summary>
    private sealed class HeldUp(Line line) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            line.Writing.TrySetResult();
            await Task.Delay(Timeout.Infinite, line.RequestAborted);
        }
    }

    private sealed class Lines : ILogger<BackupService>
    {
        public List<(int Id, string Text)> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Add((eventId.Id, formatter(state, exception)));
    }
}
