using ChainCrm.Faults.Kinds;
using Xunit;

namespace ChainCrm.Faults;

/// <summary>A fact that needs what a kind of fault needs; skipped with the reason where that is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FaultFactAttribute : FactAttribute
{
    public FaultFactAttribute(string kind) => Skip = Site.WhyMissing(AllKinds.Named(kind).Needs);
}
