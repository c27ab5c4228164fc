using ChainCrm.Faults.Kinds;
using Xunit;

namespace ChainCrm.Faults;

/// <summary>A fact that needs what a kind of fault needs; skipped with the reason where that is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FaultFactAttribute : FactAttribute
{
    // Null, and so not skipped, unless something the kind needs is missing on this machine; the text says what.
    public FaultFactAttribute(string kind) => Skip = Site.WhyMissing(AllKinds.Named(kind).Needs);
}
