using System.Security.Cryptography;
using System.Text;

namespace ChainCrm.Client.Backup;

/// <summary>
/// The operator's key of backups: a pair on the curve P-256. The public half is all that making a backup takes, so neither the server nor the machine that
/// fetches backups holds what opens them; the private half is needed to restore.
/// </summary>
/// <remarks>A key file has lines of text: <c>chaincrm-backup-key 1</c>, <c>id</c> with 16 hexadecimal digits, <c>public</c> with 65 bytes as base64 and, in the
/// private file alone, <c>private</c> with 32 bytes as base64. Described in docs/formats/backup.md.</remarks>
public sealed class BackupKey
{
    /// <summary>Bytes of a public key: an uncompressed point of the curve.</summary>
    public const int PublicBytes = 65;

    /// <summary>Bytes of a key's id: the first ones of the SHA-256 of the public key.</summary>
    public const int IdBytes = 8;

    private const int CoordinateBytes = 32;
    private const byte Uncompressed = 4;
    private const string Header = "chaincrm-backup-key 1";
    private const string HeaderOfAny = "chaincrm-backup-key ";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly byte[] _public;
    private readonly byte[]? _private;

    private BackupKey(byte[] publicPoint, byte[]? privateScalar) => (_public, _private) = (publicPoint, privateScalar);

    /// <summary>The public half, <see cref="PublicBytes"/> bytes.</summary>
    public ReadOnlySpan<byte> Public => _public;

    /// <summary>Names the key in messages and in backups; says nothing about the private half.</summary>
    public string Id => Convert.ToHexStringLower(IdOf(_public));

    /// <summary>True when this key opens backups, false when it can only make them.</summary>
    public bool Opens => _private is not null;

    /// <summary>A new random pair.</summary>
    public static BackupKey Generate()
    {
        using var pair = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var parts = pair.ExportParameters(includePrivateParameters: true);
        return new BackupKey(PointOf(parts.Q), parts.D);
    }

    /// <summary>The key of a public half; null when the bytes are no point of the curve.</summary>
    public static BackupKey? FromPublic(ReadOnlySpan<byte> point)
    {
        if (point.Length != PublicBytes || point[0] != Uncompressed) return null;
        try
        {
            // Whoever gives a point that is not on the curve could learn of the private half from what comes of it; the import refuses it.
            using var pair = ECDiffieHellman.Create(Parameters(point, null));
            return new BackupKey(point.ToArray(), null);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Reads a key file, either half.</summary>
    /// <exception cref="BackupUnusableException">It is missing, no key file, of a newer format, or private and open to others than its owner.</exception>
    public static BackupKey Load(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new BackupUnusableException($"There is no backup key {path}. chaincrm backup-key makes one.");
        if (file.Length > ClientLimits.BackupKeyFileBytesMax) throw NoKey(path);
        var lines = File.ReadAllLines(path);
        if (lines.Length > 0 && lines[0].StartsWith(HeaderOfAny, StringComparison.Ordinal) && lines[0] != Header)
            throw new BackupUnusableException($"The backup key {path} was written by a newer version of ChainCrm.");
        if (lines.Length < 3 || lines[0] != Header || Part(lines[2], "public ", PublicBytes) is not { } point || FromPublic(point) is not { } key || lines[1] != $"id {key.Id}")
            throw NoKey(path);
        if (lines.Length == 3) return key;
        if (Part(lines[3], "private ", CoordinateBytes) is not { } scalar || !Fits(point, scalar)) throw NoKey(path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
            throw new BackupUnusableException($"The backup key {path} may be read or written by others than its owner. Make it private (chmod 600); when others could have read it, make another one.");
        return new BackupKey(point, scalar);
    }

    /// <summary>Writes a half to a new file, the private one so that only the owner may read it. Durable when it returns.</summary>
    /// <exception cref="IOException">The file is there already, or can't be written.</exception>
    public void Save(string path, bool withPrivate)
    {
        if (withPrivate && _private is null) throw new InvalidOperationException("This key has no private half.");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (withPrivate && !OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes($"{Header}\nid {Id}\npublic {Convert.ToBase64String(_public)}\n"));
        if (withPrivate) file.Write(Encoding.ASCII.GetBytes($"private {Convert.ToBase64String(_private!)}\n"));
        file.Flush(flushToDisk: true);
    }

    /// <summary>What this private half and another public one agree on; they agree on the same the other way round. Never used as a key as it is.</summary>
    /// <exception cref="InvalidOperationException">This key has no private half.</exception>
    /// <exception cref="CryptographicException">The other half is no point of the curve.</exception>
    public byte[] AgreeWith(ReadOnlySpan<byte> otherPublic)
    {
        if (_private is null) throw new InvalidOperationException("This key has no private half.");
        using var own = ECDiffieHellman.Create(Parameters(_public, _private));
        using var other = ECDiffieHellman.Create(Parameters(otherPublic, null));
        using var otherKey = other.PublicKey;
        return own.DeriveRawSecretAgreement(otherKey);
    }

    /// <summary>The id of a public half, <see cref="IdBytes"/> bytes.</summary>
    public static byte[] IdOf(ReadOnlySpan<byte> publicPoint) => SHA256.HashData(publicPoint)[..IdBytes];

    /// <summary>Never prints the private half.</summary>
    public override string ToString() => $"(backup key {Id})";

    private static bool Fits(byte[] point, byte[] scalar)
    {
        try
        {
            var (key, probe) = (new BackupKey(point, scalar), Generate());
            return CryptographicOperations.FixedTimeEquals(key.AgreeWith(probe.Public), probe.AgreeWith(point));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static ECParameters Parameters(ReadOnlySpan<byte> point, byte[]? scalar) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = point.Slice(1, CoordinateBytes).ToArray(), Y = point.Slice(1 + CoordinateBytes, CoordinateBytes).ToArray() },
        D = scalar,
    };

    private static byte[] PointOf(ECPoint point) => [Uncompressed, .. point.X!, .. point.Y!];

    private static byte[]? Part(string line, string name, int length)
    {
        var bytes = new byte[length];
        return line.StartsWith(name, StringComparison.Ordinal) && Convert.TryFromBase64String(line[name.Length..], bytes, out var written) && written == length ? bytes : null;
    }

    private static BackupUnusableException NoKey(string path) => new($"{path} is not a backup key file, or it is damaged. Restore it from its copy.");
}
