using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Grains;
using ChainCrm.Grains.Directories;

namespace ChainCrm.Silo.Access;

/// <summary>The first access key of an installation: without one nobody could issue the others.</summary>
public static class AccessBootstrap
{
    /// <summary>Name of the file in the data folder; only its owner can read it.</summary>
    public const string FileName = "office.key";

    /// <summary>
    /// When the chain has no office key that stands, issues one that sees personal data and writes it to the data folder.
    /// </summary>
    /// <returns>The path of the file when a key was issued now; null when there was one already.</returns>
    /// <exception cref="InvalidOperationException">The engine refused; the server must not start, nobody could sign in.</exception>
    public static async Task<string?> EnsureOfficeKeyAsync(
        IEngine engine, IDirectories directories, string folder, string chain = "main", TimeProvider? time = null)
    {
        if (directories.Keys(chain).Any(key => key is { Role: AccessRole.Office, IsRevoked: false })) return null;

        var id = IdText.NewKeyId();
        var secret = AccessKeyText.NewSecret();
        var path = Path.Combine(folder, FileName);
        // The file comes first: a key whose secret was lost by a crash in between would stand for ever and help nobody.
        await WriteAsync(path, AccessKeyText.Format(id, secret));
        var reply = await engine.AskAsync(new GrainCommand(
            new GrainId(chain, GrainKinds.AccessKey, id), "hq/first-office-key", 0, new IssueKey
            {
                At = new Timestamp((time ?? TimeProvider.System).GetUtcNow().ToUnixTimeMilliseconds()),
                Origin = new Origin(null),
                Role = AccessRole.Office,
                SecretHash = AccessKeyText.Hash(secret),
                SeesPersonal = true,
                Label = "First office key",
            }));
        if (!reply.IsOk || reply.Entry is null)
            throw new InvalidOperationException($"The first office key could not be issued: {reply.Rejection?.Code} {reply.Rejection?.English}");
        await directories.WaitForAsync(reply.Entry.Position);
        return path;
    }

    private static async Task WriteAsync(string path, string text)
    {
        var temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Delete(temporary);
        await using (var stream = new FileStream(temporary, options))
        {
            await using var writer = new StreamWriter(stream);
            await writer.WriteLineAsync(text);
            await writer.FlushAsync();
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
