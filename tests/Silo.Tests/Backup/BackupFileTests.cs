using System.IO.Compression;
using ChainCrm.Client.Backup;
using ChainCrm.Domain;
using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Silo.Backup;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ChainCrm.Silo.Tests.Backup;

/// <summary>What a backup file holds, and that no other file passes for one.</summary>
public sealed class BackupFileTests(ITestOutputHelper output)
{
    private const int Flips = 600;

    [Fact]
    public async Task What_went_in_comes_out()
    {
        await using var world = new BackupWorld();
        await world.EnrolAsync(40);
        await world.AppendAsync("main/store/空", 0, "open", [0, 1, 255]);
        await world.AppendAsync("main/store/空", 1, "empty", []);
        // More than a chunk, and nothing that packing makes small.
        var noise = new byte[3 * BackupLimits.ChunkBytes];
        new Random(7).NextBytes(noise);
        await world.AppendAsync("main/store/空", 2, "large", noise);
        await world.BackUpAsync();

        var (code, said) = await world.RestoreAsync("--master-key", world.MasterKeyFile);

        code.ShouldBe(0, said);
        var restored = await world.RestoredAsync();
        var original = await world.Journal.ReadAfterAsync(0, JournalLimits.ReadMax);
        restored.Count.ShouldBe(43);
        foreach (var (one, other) in original.Zip(restored))
        {
            (other with { Data = default }).ShouldBe(one with { Data = default });
            other.Data.Span.SequenceEqual(one.Data.Span).ShouldBeTrue($"payload of {one.Position}");
        }

        await using var vault = PersonalVault.Open(Path.Combine(world.Target, "master.key"), Path.Combine(world.Target, "keys.db"));
        var profile = new Sealed(Convert.FromBase64String(System.Text.Encoding.UTF8.GetString(restored[7].Data.Span)));
        (await vault.OpenAsync("main", new CustomerId("0007"), profile)).ShouldNotBeNull().Name.ShouldBe("Person 0007");
        vault.Index("main", Domain.Identities.IdentityKind.Phone, "+8613800138000").ShouldBe(world.Vault.Index("main", Domain.Identities.IdentityKind.Phone, "+8613800138000"));
        File.Exists(Path.Combine(world.Target, RestoreMark.FileName)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_empty_chain_is_a_backup_too()
    {
        await using var world = new BackupWorld();
        await world.BackUpAsync();
        (await world.RestoreAsync()).Code.ShouldBe(0);
        (await world.RestoredAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_backup_in_which_any_bit_is_turned_is_never_accepted()
    {
        await using var world = new BackupWorld();
        await world.EnrolAsync(30);
        var noise = new byte[2 * BackupLimits.ChunkBytes];
        new Random(7).NextBytes(noise);
        await world.AppendAsync("main/store/S1", 0, "large", noise);
        var backup = await world.BackUpAsync();
        (await world.ReadAsync(backup)).ShouldBe((31, 30));
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}, {backup.Length} bytes");
        var random = new Random(seed);
        // All of the header and of the first frame, the end, and anywhere.
        var places = Enumerable.Range(0, BackupEnvelope.HeaderBytes + BackupEnvelope.FrameBytes).Concat(Enumerable.Range(backup.Length - 40, 40))
            .Concat(Enumerable.Range(0, Flips).Select(_ => random.Next(backup.Length)));
        foreach (var place in places)
        {
            var bit = (byte)(1 << random.Next(8));
            backup[place] ^= bit;
            await Should.ThrowAsync<BackupUnusableException>(() => world.ReadAsync(backup), $"seed {seed}: bit {bit} of byte {place}");
            backup[place] ^= bit;
        }

        (await world.ReadAsync(backup)).ShouldBe((31, 30));
    }

    [Fact]
    public async Task A_backup_cut_anywhere_is_refused_also_between_two_chunks()
    {
        await using var world = new BackupWorld();
        var noise = new byte[2 * BackupLimits.ChunkBytes];
        new Random(7).NextBytes(noise);
        await world.AppendAsync("main/store/S1", 0, "large", noise);
        var backup = await world.BackUpAsync();
        var random = new Random(11);
        var cuts = Chunks(backup).Select(chunk => chunk.From).Concat(Enumerable.Range(0, 100).Select(_ => random.Next(backup.Length))).Concat([0, 1, 17, 18, backup.Length - 1]);
        foreach (var cut in cuts)
            await Should.ThrowAsync<BackupUnusableException>(() => world.ReadAsync(backup[..cut]), $"cut at {cut} of {backup.Length}");
        await Should.ThrowAsync<BackupUnusableException>(() => world.ReadAsync([.. backup, 0]));
        await Should.ThrowAsync<BackupUnusableException>(() => world.ReadAsync([.. backup, .. backup]));
    }

    [Fact]
    public async Task The_end_is_looked_for_also_where_nothing_more_is_needed()
    {
        var key = BackupKey.Generate();
        using var file = new MemoryStream();
        file.Write(BackupEnvelope.NewHeader(key, out var chunkKey));
        await using (var writer = new SealedWriter(file, chunkKey))
        {
            await writer.WriteAsync(new byte[BackupLimits.ChunkBytes + 1]);
            await writer.FinishAsync(CancellationToken.None);
        }

        var whole = file.ToArray();
        var cut = whole[..Chunks(whole).Last().From];
        foreach (var bytes in (byte[][])[whole, cut])
        {
            await using var reader = await SealedReader.OpenAsync(new MemoryStream(bytes), key, CancellationToken.None);
            await reader.ReadExactlyAsync(new byte[BackupLimits.ChunkBytes]);
            if (bytes == whole) await reader.FinishAsync(CancellationToken.None);
            else await Should.ThrowAsync<BackupUnusableException>(() => reader.FinishAsync(CancellationToken.None));
        }
    }

    [Fact]
    public async Task Chunks_left_out_exchanged_doubled_or_of_another_backup_do_not_open()
    {
        await using var world = new BackupWorld();
        var noise = new byte[4 * BackupLimits.ChunkBytes];
        new Random(7).NextBytes(noise);
        await world.AppendAsync("main/store/S1", 0, "large", noise);
        var (backup, other) = (await world.BackUpAsync(), await world.BackUpAsync());
        var chunks = Chunks(backup).Select(chunk => backup[chunk.From..chunk.To]).ToList();
        var others = Chunks(other).Select(chunk => other[chunk.From..chunk.To]).ToList();
        chunks.Count.ShouldBeGreaterThan(4);
        others.Count.ShouldBe(chunks.Count);
        byte[] Built(params byte[][] parts) => [.. backup[..BackupEnvelope.HeaderBytes], .. parts.SelectMany(part => part)];

        (await world.ReadAsync(Built([.. chunks]))).Entries.ShouldBe(1);
        await Should.ThrowAsync<BackupUnusableException>(() => world.ReadAsync(Built([chunks[0], .. chunks[2..]])));
        await Should.ThrowAsync<BackupUnusableException>(() => world.ReadAsync(Built([chunks[1], chunks[0], .. chunks[2..]])));
        await Should.ThrowAsync<BackupUnusableException>(() => world.ReadAsync(Built([chunks[0], chunks[0], .. chunks[1..]])));
        await Should.ThrowAsync<BackupUnusableException>(() => world.ReadAsync(Built([.. chunks[..^1], others[^1]])));
        // The last but one, said to be the last.
        byte[] early = [1, .. chunks[^2][1..]];
        await Should.ThrowAsync<BackupUnusableException>(() => world.ReadAsync(Built([.. chunks[..^2], early])));
    }

    [Fact]
    public async Task Nothing_personal_and_no_key_is_in_the_file_in_clear()
    {
        await using var world = new BackupWorld();
        await world.EnrolAsync(3);
        // Bytes that packing leaves as they are: without the seal they would be found.
        var marker = new byte[64 * 1024];
        new Random(7).NextBytes(marker);
        using var packed = new MemoryStream();
        await using (var packing = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true)) await packing.WriteAsync(marker);
        packed.ToArray().AsSpan().IndexOf(marker.AsSpan(1_024, 16)).ShouldBeGreaterThan(0);
        await world.AppendAsync("main/store/S1", 0, "marker", marker);
        byte[] wrapped;
        await using (var keys = world.Vault.ReadWrapped()) wrapped = (await keys.AfterAsync("", "", 1)).Single().Wrapped;
        var backup = await world.BackUpAsync();
        for (var at = 0; at < marker.Length; at += 1_024) backup.AsSpan().IndexOf(marker.AsSpan(at, 16)).ShouldBe(-1, $"the payload's byte {at}");
        for (var at = 0; at + 16 <= wrapped.Length; at += 4) backup.AsSpan().IndexOf(wrapped.AsSpan(at, 16)).ShouldBe(-1, $"the wrapped key's byte {at}");
        var text = System.Text.Encoding.Latin1.GetString(backup);
        text.ShouldStartWith("chaincrm-backup 1\n");
        text.ShouldNotContain("customer");
        text.ShouldNotContain("main");
    }

    [Fact]
    public async Task Who_was_erased_while_the_journal_was_written_is_not_in_the_backup()
    {
        await using var world = new BackupWorld();
        await world.EnrolAsync(3);
        await using var erasing = new ErasingJournal(world.Journal, async () => await world.Vault.DestroyAsync("main", new CustomerId("0001")));
        await world.BackUpAsync(journal: erasing);
        (await world.RestoreAsync("--master-key", world.MasterKeyFile)).Code.ShouldBe(0);

        await using var vault = PersonalVault.Open(Path.Combine(world.Target, "master.key"), Path.Combine(world.Target, "keys.db"));
        foreach (var entry in await world.RestoredAsync())
        {
            var profile = new Sealed(Convert.FromBase64String(System.Text.Encoding.UTF8.GetString(entry.Data.Span)));
            var opened = await vault.OpenAsync("main", new CustomerId(entry.Stream[^4..]), profile);
            (opened is null).ShouldBe(entry.Stream.EndsWith("0001", StringComparison.Ordinal), entry.Stream);
        }
    }

    [Fact]
    public async Task A_master_key_changed_meanwhile_ends_the_backup_instead_of_mixing_two()
    {
        await using var world = new BackupWorld();
        await world.EnrolAsync(3);
        await using var rotating = new ErasingJournal(world.Journal, async () => await world.Vault.RotateAsync(MasterKey.Generate()));
        (await Should.ThrowAsync<VaultUnavailableException>(() => world.BackUpAsync(journal: rotating))).Message.ShouldContain("master key was changed");
    }

    /// <summary>Where the chunks are, by their frames alone.</summary>
    private static IEnumerable<(int From, int To)> Chunks(byte[] backup)
    {
        for (var from = BackupEnvelope.HeaderBytes; from < backup.Length;)
        {
            var to = from + BackupEnvelope.FrameBytes + BackupEnvelope.ReadFrame(backup.AsSpan(from, BackupEnvelope.FrameBytes)).Length + BackupEnvelope.SealBytes;
            yield return (from, to);
            from = to;
        }
    }

    /// <summary>A journal during whose reading something happens.</summary>
    private sealed class ErasingJournal(IJournal journal, Func<Task> happens) : IJournal
    {
        public long Head => journal.Head;
        public ValueTask<AppendResult> AppendAsync(IReadOnlyList<EntryToAppend> batch, CancellationToken cancellation = default) => journal.AppendAsync(batch, cancellation);
        public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamAsync(string stream, long fromVersion, int max, CancellationToken cancellation = default) => journal.ReadStreamAsync(stream, fromVersion, max, cancellation);
        public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamBackwardAsync(string stream, long beforeVersion, int max, CancellationToken cancellation = default) => journal.ReadStreamBackwardAsync(stream, beforeVersion, max, cancellation);
        public ValueTask<JournalEntry?> FindCommandAsync(string stream, string commandId, CancellationToken cancellation = default) => journal.FindCommandAsync(stream, commandId, cancellation);

        public async ValueTask<IReadOnlyList<JournalEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation = default)
        {
            await happens();
            return await journal.ReadAfterAsync(position, max, cancellation);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
