using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Personal;

namespace ChainCrm.Growth;

/// <summary>The read side asks for a vault and needs it for enrolments alone, of which there are none here.</summary>
internal sealed class NoVault : IPersonalVault
{
    public ValueTask<Sealed> SealAsync(string chain, CustomerId customer, PersonalData data, CancellationToken cancellation = default) => throw new NotSupportedException();
    public ValueTask<PersonalData?> OpenAsync(string chain, CustomerId customer, Sealed profile, CancellationToken cancellation = default) => throw new NotSupportedException();
    public IdentityRef Index(string chain, IdentityKind kind, string normalisedValue) => throw new NotSupportedException();
    public ulong Fingerprint(ReadOnlySpan<byte> content) => throw new NotSupportedException();
    public IWrappedKeys ReadWrapped() => throw new NotSupportedException();
}
