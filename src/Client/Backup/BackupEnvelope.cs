using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChainCrm.Client.Backup;

/// <summary>The outside of a backup: the header, and the frames of the sealed chunks. What can be seen without the key; docs/formats/backup.md describes it.</summary>
public static class BackupEnvelope
{
    /// <summary>The newest format that this build reads, and the one it writes.</summary>
    public const int Format = 1;

    /// <summary>Header of the server's answer: how many journal entries the backup will hold, for a progress bar.</summary>
    public const string EntriesHeader = "X-ChainCrm-Backup-Entries";

    /// <summary>Bytes of the header: the line that names the format, the id of the key, the public half made for this backup.</summary>
    public const int HeaderBytes = 18 + BackupKey.IdBytes + BackupKey.PublicBytes;

    /// <summary>Bytes before each chunk: 0 or 1 (the last one), its length without the seal, and the journal entries within this chunk and those before it.</summary>
    public const int FrameBytes = 1 + 4 + 8;

    /// <summary>Bytes of the seal after each chunk.</summary>
    public const int SealBytes = 16;

    private const int NonceBytes = 12;
    private const string FirstLine = "chaincrm-backup 1\n";
    private const string FirstLineOfAny = "chaincrm-backup ";

    /// <summary>Makes the header of a new backup for a public key, and the key of its chunks. Each backup has a key of its own.</summary>
    public static byte[] NewHeader(BackupKey recipient, out byte[] chunkKey)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        var ephemeral = BackupKey.Generate();
        byte[] header = [.. Encoding.ASCII.GetBytes(FirstLine), .. BackupKey.IdOf(recipient.Public), .. ephemeral.Public];
        chunkKey = ChunkKey(ephemeral.AgreeWith(recipient.Public), header);
        return header;
    }

    /// <summary>The key of a backup's chunks.</summary>
    /// <exception cref="BackupUnusableException">No backup, of a newer format, made for another key, or damaged.</exception>
    public static byte[] OpenHeader(ReadOnlySpan<byte> header, BackupKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        CheckFormat(header);
        if (!key.Opens) throw new BackupUnusableException("This key file is the public half: it makes backups and opens none. Give the private one.");
        var id = KeyIdOf(header);
        if (!id.SequenceEqual(BackupKey.IdOf(key.Public)))
            throw new BackupUnusableException($"The backup was made for the backup key {Convert.ToHexStringLower(id)}, and the key given is {key.Id}.");
        try
        {
            return ChunkKey(key.AgreeWith(header[(FirstLine.Length + BackupKey.IdBytes)..]), header);
        }
        catch (CryptographicException wrong)
        {
            throw new BackupUnusableException("The backup's header is damaged or altered.", wrong);
        }
    }

    /// <summary>The id of the key that a backup was made for, of a header that <see cref="CheckFormat"/> let pass.</summary>
    public static ReadOnlySpan<byte> KeyIdOf(ReadOnlySpan<byte> header) => header.Slice(FirstLine.Length, BackupKey.IdBytes);

    /// <summary>Refuses what does not begin as a backup of a known format does.</summary>
    /// <exception cref="BackupUnusableException">Says which.</exception>
    public static void CheckFormat(ReadOnlySpan<byte> header)
    {
        if (header.StartsWith(Encoding.ASCII.GetBytes(FirstLine)))
        {
            if (header.Length < HeaderBytes) throw new BackupUnusableException("The backup is truncated: it ends within its header.");
            return;
        }

        var end = header.IndexOf((byte)'\n');
        if (end > 0 && header.StartsWith(Encoding.ASCII.GetBytes(FirstLineOfAny))
            && int.TryParse(header[FirstLineOfAny.Length..end], NumberStyles.None, CultureInfo.InvariantCulture, out var format))
            throw new BackupUnusableException(string.Create(CultureInfo.InvariantCulture, $"The backup is of format {format}, and this build knows formats up to {Format}. Use the build that made it, or a newer one."));
        throw new BackupUnusableException("This is no backup: it does not begin as one.");
    }

    /// <summary>Writes a frame's bytes.</summary>
    /// <param name="to"><see cref="FrameBytes"/> bytes.</param>
    /// <param name="isLast">No chunk follows.</param>
    /// <param name="length">Bytes of the chunk, 0 to <see cref="ClientLimits.BackupChunkBytesMax"/>.</param>
    /// <param name="entries">Journal entries up to here.</param>
    public static void WriteFrame(Span<byte> to, bool isLast, int length, long entries)
    {
        to[0] = isLast ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(to[1..], length);
        BinaryPrimitives.WriteInt64LittleEndian(to[5..], entries);
    }

    /// <summary>Reads a frame's bytes.</summary>
    /// <exception cref="BackupUnusableException">No frame that a backup has.</exception>
    public static (bool IsLast, int Length, long Entries) ReadFrame(ReadOnlySpan<byte> frame)
    {
        var (kind, length, entries) = (frame[0], BinaryPrimitives.ReadInt32LittleEndian(frame[1..]), BinaryPrimitives.ReadInt64LittleEndian(frame[5..]));
        if (kind > 1 || length < 0 || length > ClientLimits.BackupChunkBytesMax || entries < 0) throw new BackupUnusableException("The backup is damaged or altered: a chunk's frame is not one.");
        return (kind == 1, length, entries);
    }

    /// <summary>The nonce of a chunk: its number from 0. The key is of this backup alone, so none is used twice.</summary>
    public static byte[] NonceOf(long chunk)
    {
        var nonce = new byte[NonceBytes];
        BinaryPrimitives.WriteInt64LittleEndian(nonce, chunk);
        return nonce;
    }

    // The header is the salt: who changes a byte of it gets another key, and the first chunk does not open.
    private static byte[] ChunkKey(byte[] agreed, ReadOnlySpan<byte> header)
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, agreed, 32, salt: header.ToArray(), info: "chaincrm/backup/1"u8.ToArray());
        CryptographicOperations.ZeroMemory(agreed);
        return key;
    }
}
