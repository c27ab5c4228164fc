using System.Security.Cryptography;
using System.Text;

namespace ChainCrm.Grains.Personal;

/// <summary>AES-256-GCM in one layout for everything the vault keeps: version byte (1), nonce (12), ciphertext, tag (16).</summary>
/// <remarks>Nonces are random: below 2^32 messages under one key their repetition stays below one in 2^32, and no key here comes near that.</remarks>
internal static class Sealing
{
    public const int KeyBytes = 32;
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int Overhead = 1 + NonceBytes + TagBytes;

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> associated)
    {
        using var cipher = new AesGcm(key, TagBytes);
        return Seal(cipher, clear, associated);
    }

    public static byte[] Seal(AesGcm cipher, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> associated)
    {
        var result = new byte[clear.Length + Overhead];
        result[0] = Version;
        var nonce = result.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        cipher.Encrypt(nonce, clear, result.AsSpan(1 + NonceBytes, clear.Length), result.AsSpan(result.Length - TagBytes), associated);
        return result;
    }

    /// <exception cref="PersonalDataDamagedException">The bytes are not what was sealed for <paramref name="associated"/> under this key.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> associated)
    {
        if (bytes.Length < Overhead) throw new PersonalDataDamagedException("Sealed data is shorter than any sealed data can be.");
        if (bytes[0] != Version) throw new PersonalDataDamagedException("Sealed data is of a format that this version does not know.");
        var clear = new byte[bytes.Length - Overhead];
        try
        {
            using var cipher = new AesGcm(key, TagBytes);
            cipher.Decrypt(bytes.Slice(1, NonceBytes), bytes.Slice(1 + NonceBytes, clear.Length), bytes[^TagBytes..], clear, associated);
            return clear;
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw new PersonalDataDamagedException("Sealed data does not open: it is damaged, or was sealed for another customer or under another key.", mismatch);
        }
    }

    /// <summary>What a customer's bytes are bound to, so that they open for nobody else. Neither part can hold the separator.</summary>
    public static byte[] Associated(string purpose, string chain, string customer) => Encoding.UTF8.GetBytes($"{purpose}\n{chain}\n{customer}");
}
