using ChainCrm.Client.Backup;
using ChainCrm.Silo.Backup;
using ChainCrm.Silo.Hosting;
using ChainCrm.Silo.Problems;
using ChainCrm.Silo.Tests.Api;
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
            (await reader.RestAsync(static _ => { }, static _ => { }, CancellationToken.None)).ShouldBeGreaterThan(0);
        }
        finally
        {
            File.Delete(file);
        }
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
        var (first, none) = service.Begin(Key);
        none.ShouldBeNull();
        service.Begin(Key).Rejection.ShouldBe(ApiRejections.BackupUnderWay);
        first.ShouldNotBeNull().Dispose();

        using (var second = service.Begin(Key).Backup.ShouldNotBeNull())
        {
            using var gone = new CancellationTokenSource();
            await gone.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => second.WriteAsync(new MemoryStream(), gone.Token));
            service.Begin(Key).Rejection.ShouldBe(ApiRejections.BackupUnderWay);
        }

        using var third = service.Begin(Key).Backup;
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
        for (var i = 0; i < 2; i++) Should.Throw<WrongConfigurationException>(() => service.Begin(Key));
        File.Delete(Path.Combine(hidden, "demo.json"));
        service.Begin(Key).Backup.ShouldNotBeNull().Dispose();
    }
}
