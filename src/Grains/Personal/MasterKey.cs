using System.Security.Cryptography;
using System.Text;

namespace ChainCrm.Grains.Personal;

/// <summary>The key that wraps every other key of the vault. Stands in a file of its own, never in a database.</summary>
/// <remarks>The file has three lines: <c>chaincrm-master-key 1</c>, <c>id</c> with 16 hexadecimal digits, <c>key</c> with 32 bytes as base64.</remarks>
public sealed class MasterKey
{
    private const string Header = "chaincrm-master-key 1";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly byte[] _secret;

    private MasterKey(string id, byte[] secret) => (Id, _secret) = (id, secret);

    /// <summary>Names the key in keys.db and in messages; says nothing about the secret.</summary>
    public string Id { get; }

    /// <summary>A new random key.</summary>
    public static MasterKey Generate() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), RandomNumberGenerator.GetBytes(32));

    /// <summary>Reads a key file.</summary>
    /// <exception cref="VaultUnusableException">Others than the owner may read it, or it is not a key file.</exception>
    public static MasterKey Load(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
            throw new VaultUnusableException(
                $"The master key file {path} may be read or written by others than its owner. Make it private (chmod 600) and, when others could have read it, rotate the key.");
        var lines = File.ReadAllLines(path);
        if (lines.Length > 0 && lines[0].StartsWith("chaincrm-master-key ", StringComparison.Ordinal) && lines[0] != Header)
            throw new VaultUnusableException($"The master key file {path} was written by a newer version of ChainCrm.");
        var secret = new byte[32];
        if (lines.Length < 3 || lines[0] != Header || !lines[1].StartsWith("id ", StringComparison.Ordinal) || lines[1].Length != 19
            || !lines[2].StartsWith("key ", StringComparison.Ordinal)
            || !Convert.TryFromBase64String(lines[2][4..], secret, out var length) || length != secret.Length)
            throw new VaultUnusableException($"The file {path} is not a master key file, or it is damaged. Restore it from its copy.");
        return new MasterKey(lines[1][3..], secret);
    }

    /// <summary>Writes the key to a new file that only the owner may read. Durable when it returns.</summary>
    public void Save(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes($"{Header}\nid {Id}\nkey {Convert.ToBase64String(_secret)}\n"));
        file.Flush(flushToDisk: true);
    }

    /// <summary>True when the secret was wrapped by this key and is whole.</summary>
    public bool Opens(WrappedSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        try
        {
            CryptographicOperations.ZeroMemory(Sealing.Open(WrappingKey(), secret.Wrapped, Sealing.Associated("secret", secret.Name, "")));
            return true;
        }
        catch (PersonalDataDamagedException)
        {
            return false;
        }
    }

    /// <summary>Never prints the secret.</summary>
    public override string ToString() => $"(master key {Id})";

    /// <summary>The key that wraps, derived so that the file's secret itself encrypts nothing.</summary>
    internal byte[] WrappingKey() => HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, 32, info: "chaincrm/wrapping/1"u8.ToArray());
}
