using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCrm.Silo.Demo;

namespace ChainCrm.Silo.Backup;

/// <summary>The first record of a backup: what it is a backup of. docs/formats/backup.md describes each member.</summary>
internal sealed record BackupManifest
{
    /// <summary>The newest form of what stands in entries, secrets and keys that this build reads, and the one it writes.</summary>
    public const int CurrentContent = 1;

    /// <summary>The form of the content; a reader refuses a newer one.</summary>
    public required int Content { get; init; }
    /// <summary>Format of the entries' payload, <c>f</c> of docs/formats/journal-entry.md.</summary>
    public required int EntryFormat { get; init; }
    /// <summary>The chain of the installation.</summary>
    public required string Chain { get; init; }
    /// <summary>Position of the last entry; as positions have no gaps, also their number.</summary>
    public required long Position { get; init; }
    /// <summary>When it was begun, by the server's clock.</summary>
    public required DateTimeOffset TakenAt { get; init; }
    /// <summary>Version of the server that made it.</summary>
    public required string Server { get; init; }
    /// <summary>The master key that all keys in it are wrapped by; its id, no secret.</summary>
    public required string MasterKeyId { get; init; }
    /// <summary>The setting chain.phoneCountryCode, which telephone numbers were completed with.</summary>
    public required string PhoneCountryCode { get; init; }
    /// <summary>The mark of a generated chain; null of a real one.</summary>
    public DemoMark? Demo { get; init; }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupManifest);

    /// <exception cref="JsonException">It is none.</exception>
    public static BackupManifest Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, BackupJson.Default.BackupManifest) ?? throw new JsonException("The manifest is empty.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
