using ChainCrm.Client.Backup;
using ChainCrm.Client.Commands;
using ChainCrm.Client.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Backup;

/// <summary>What stands under the name of a backup is one, whatever the server and the line do.</summary>
public sealed class BackupCommandTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backup-").FullName;
    private readonly BackupKey _key = BackupKey.Generate();
    private FakeServer _server = null!;

    private string Target => Path.Combine(_folder, "chain.backup");

    public async Task InitializeAsync()
    {
        _server = await FakeServer.StartAsync();
        _key.Save(Path.Combine(_folder, "key.public"), withPrivate: false);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_whole_backup_is_kept_and_the_server_is_told_the_public_half_alone()
    {
        var backup = Backup();
        Serve(backup);
        var (code, said) = await RunAsync();
        code.ShouldBe(ExitCodes.Done, said);
        (await File.ReadAllBytesAsync(Target)).ShouldBe(backup);
        Directory.GetFiles(_folder).Length.ShouldBe(2);
        _server.Requests.Single().Body.ShouldBe($$"""{"publicKey":"{{Convert.ToBase64String(_key.Public).Replace("+", "\\u002B", StringComparison.Ordinal)}}"}""");
        said.ShouldContain("of 30");
        said.ShouldContain("master key is not in it");
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(Target).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public static TheoryData<string> Broken { get; } = ["cut within a chunk", "cut between chunks", "no last chunk", "goes on", "empty", "no backup", "another format", "for another key"];

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_no_whole_backup_is_not_kept(string how)
    {
        var backup = Backup();
        byte[] sent = how switch
        {
            "cut within a chunk" => backup[..^5],
            "cut between chunks" => backup[..^LastChunk],
            "no last chunk" => Changed(backup, backup.Length - LastChunk, 0),
            "goes on" => [.. backup, 1],
            "empty" => [],
            "for another key" => [.. BackupEnvelope.NewHeader(BackupKey.Generate(), out _), .. backup[BackupEnvelope.HeaderBytes..]],
            "no backup" => "<html>a proxy's page</html>"u8.ToArray(),
            _ => [.. "chaincrm-backup 9\n"u8, .. backup[18..]],
        };
        Serve(sent);
        var (code, said) = await RunAsync();
        code.ShouldBe(ExitCodes.ServerFailed, said);
        Directory.GetFiles(_folder).Select(Path.GetFileName).ShouldBe(["key.public"]);
    }

    [Fact]
    public async Task A_line_that_breaks_leaves_nothing()
    {
        var backup = Backup();
        _server.Next(async (http, _) =>
        {
            http.Response.Headers["X-ChainCrm-Backup-Entries"] = "30";
            // The web server ends the connection when less comes than was said.
            http.Response.ContentLength = backup.Length;
            await http.Response.Body.WriteAsync(backup.AsMemory(0, 150));
            return true;
        });
        var (code, said) = await RunAsync();
        code.ShouldBe(ExitCodes.ServerFailed, said);
        said.ShouldContain("broke off");
        Directory.GetFiles(_folder).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_is_shown_by_its_number()
    {
        _server.Next(async (http, _) =>
        {
            http.Response.StatusCode = 409;
            await http.Response.WriteAsync("""{"type":"x","status":409,"title":"Another backup is being made.","code":1052,"name":"backup.under-way"}""");
            return true;
        });
        var (code, said) = await RunAsync();
        code.ShouldBe(ExitCodes.ServerFailed);
        said.ShouldContain("refused with 1052 backup.under-way");
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_is_there_is_never_overwritten()
    {
        await File.WriteAllTextAsync(Target, "yesterday");
        (await RunAsync()).Code.ShouldBe(ExitCodes.WrongUse);
        (await File.ReadAllTextAsync(Target)).ShouldBe("yesterday");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_to_one_name_the_second_is_refused_and_the_first_is_whole()
    {
        var backup = Backup();
        var (asked, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _server.Next(async (http, _) =>
        {
            http.Response.Headers["X-ChainCrm-Backup-Entries"] = "30";
            await http.Response.Body.WriteAsync(backup.AsMemory(0, 150));
            await http.Response.Body.FlushAsync();
            asked.SetResult();
            await goOn.Task;
            await http.Response.Body.WriteAsync(backup.AsMemory(150));
            return true;
        });
        var first = RunAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20));
        var (code, said) = await RunAsync();
        goOn.SetResult();
        code.ShouldBe(ExitCodes.WrongUse, said);
        said.ShouldContain("Another backup to that name is running");
        (code, said) = await first;
        code.ShouldBe(ExitCodes.Done, said);
        (await File.ReadAllBytesAsync(Target)).ShouldBe(backup);
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_killed_one_left_is_neither_overwritten_nor_removed()
    {
        await File.WriteAllTextAsync(Target + ".part", "half");
        var (code, said) = await RunAsync();
        code.ShouldBe(ExitCodes.WrongUse, said);
        said.ShouldContain("was killed");
        (await File.ReadAllTextAsync(Target + ".part")).ShouldBe("half");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_that_was_taken_meanwhile_stays_and_so_does_the_whole_backup()
    {
        var backup = Backup();
        _server.Next(async (http, _) =>
        {
            await File.WriteAllTextAsync(Target, "of another");
            http.Response.Headers["X-ChainCrm-Backup-Entries"] = "30";
            await http.Response.Body.WriteAsync(backup);
            return true;
        });
        var (code, said) = await RunAsync();
        code.ShouldBe(ExitCodes.WrongUse, said);
        said.ShouldContain("It stays at");
        (await File.ReadAllTextAsync(Target)).ShouldBe("of another");
        (await File.ReadAllBytesAsync(Target + ".part")).ShouldBe(backup);
    }

    [Fact]
    public async Task The_command_makes_a_pair_and_never_over_another_one()
    {
        var path = Path.Combine(_folder, "new");
        var (output, error) = (new StringWriter(), new StringWriter());
        (await CommandLineRoot.RunAsync(["backup-key", path], output, error)).ShouldBe(ExitCodes.Done);
        BackupKey.Load(path).Id.ShouldBe(BackupKey.Load(path + ".public").Id);
        output.ToString().ShouldNotContain(File.ReadAllLines(path)[3][8..]);
        var before = await File.ReadAllTextAsync(path);
        (await CommandLineRoot.RunAsync(["backup-key", path], output, error)).ShouldBe(ExitCodes.WrongUse);
        (await File.ReadAllTextAsync(path)).ShouldBe(before);
    }

    private const int LastChunk = BackupEnvelope.FrameBytes + 50 + BackupEnvelope.SealBytes;

    /// <summary>A header and three chunks; what is in them only the server knows.</summary>
    private byte[] Backup()
    {
        var bytes = new List<byte>(BackupEnvelope.NewHeader(_key, out _));
        for (var i = 1; i <= 3; i++)
        {
            var chunk = new byte[LastChunk];
            BackupEnvelope.WriteFrame(chunk, isLast: i == 3, 50, i * 10);
            bytes.AddRange(chunk);
        }

        return [.. bytes];
    }

    private static byte[] Changed(byte[] bytes, int at, byte value)
    {
        bytes[at] = value;
        return bytes;
    }

    private void Serve(byte[] bytes) => _server.Next(async (http, _) =>
    {
        http.Response.Headers["X-ChainCrm-Backup-Entries"] = "30";
        await http.Response.Body.WriteAsync(bytes);
        return true;
    });

    private async Task<(int Code, string Said)> RunAsync()
    {
        var said = new StringWriter();
        var code = await CommandLineRoot.RunAsync(
            ["backup", Target, "--backup-key", Path.Combine(_folder, "key.public"), "--server", _server.Address.ToString(), "--key", FakeServer.AccessKey], said, said);
        return (code, said.ToString());
    }
}
