using System.Text.Json;
using ChainCrm.Micro;
using Shouldly;
using Xunit;

namespace ChainCrm.Budgets;

/// <summary>
/// What a purchase may allocate, step by step: bytes do not depend on how busy the machine is, times do. This project has no other tests, because
/// what another one allocates at the same time would be counted here.
/// </summary>
public sealed class BudgetTests
{
    private const int Times = 6_400, RunsMax = 40;

    private static readonly Dictionary<string, double> Budgets =
        JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "budgets.json")))!;

    public static TheoryData<string> Steps => [.. HotPath.All.Select(step => step.Name)];

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_step_allocates_no_more_than_its_budget(string name)
    {
        var step = HotPath.All.Single(each => each.Name == name);
        // What the runtime allocates for itself only ever adds, and code that is not optimized yet boxes what optimized code does not: the least of many runs is the step's
        // own. When the optimizer comes to it is up to the machine.
        var bytes = double.MaxValue;
        for (var run = 0; run < RunsMax && bytes > Budgets[name]; run++) bytes = Math.Min(bytes, step.AllocatedBytes(Times));

        bytes.ShouldBeLessThanOrEqualTo(Budgets[name], $"bytes allocated by {name}; if that is worth it, say why and raise bench/budgets.json");
    }

    [Fact]
    public void Every_budget_belongs_to_a_step() => Budgets.Keys.ShouldBe(HotPath.All.Select(step => step.Name), ignoreOrder: true);
}
