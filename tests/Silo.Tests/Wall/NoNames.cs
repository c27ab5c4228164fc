using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Personal;

namespace ChainCrm.Silo.Tests.Wall;

/// <summary>A vault that is never asked: these tests have no customers.</summary>
internal sealed class NoNames : IPersonalVault
{
    public ValueTask<Sealed> SealAsync(string chain, CustomerId customer, PersonalData data, CancellationToken cancellation = default) => throw Unexpected();
    public ValueTask<PersonalData?> OpenAsync(string chain, CustomerId customer, Sealed profile, CancellationToken cancellation = default) => throw Unexpected();
    public IdentityRef Index(string chain, IdentityKind kind, string normalisedValue) => throw Unexpected();
    public ulong Fingerprint(ReadOnlySpan<byte> content) => throw Unexpected();
    public IWrappedKeys ReadWrapped() => throw Unexpected();
    private static NotSupportedException Unexpected() => new("No customer, no personal data.");
}
