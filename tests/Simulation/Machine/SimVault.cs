using System.Globalization;
using System.Text;
using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.Personal;

namespace ChainCrm.Simulation;

/// <summary>Seals nothing and fails at times: keys and ciphers are tested elsewhere, here it is only in the way of an enrolment. What it sealed, it opens.</summary>
internal sealed class SimVault(Chance chance, Swarm swarm, SimDisk disk) : IPersonalVault
{
    private int _sealed;

    public ValueTask<Sealed> SealAsync(string chain, CustomerId customer, PersonalData data, CancellationToken cancellation = default)
    {
        MayFail();
        // No two seals of the same text are the same bytes, as with a real cipher.
        return new(new Sealed(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{++_sealed}:{data.Name}"))));
    }

    public ValueTask<PersonalData?> OpenAsync(string chain, CustomerId customer, Sealed profile, CancellationToken cancellation = default)
    {
        MayFail();
        var text = Encoding.UTF8.GetString(profile.Bytes);
        return new(new PersonalData { Name = text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..] });
    }

    public IdentityRef Index(string chain, IdentityKind kind, string normalisedValue) => new(kind, $"x{normalisedValue}");

    public ulong Fingerprint(ReadOnlySpan<byte> content) => StableHash.Of(Encoding.UTF8.GetString(content)) | 1;

    public IWrappedKeys ReadWrapped() => throw new NotSupportedException("Nothing is wrapped here.");

    private void MayFail()
    {
        if (disk.FaultsOn && swarm.VaultFaults && chance.Percent(5))
            throw new VaultUnavailableException("vault") { DiskFull = chance.OneIn(3) };
    }
}
