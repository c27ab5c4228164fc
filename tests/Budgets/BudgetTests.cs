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
    private const int Times = 6_400;

    private static readonly Dictionary<string, double> Budgets =
        JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "budgets.json")))!;

    public static TheoryData<string> Steps => [.. HotPath.All.Select(step => step.Name)];

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_step_allocates_no_more_than_its_budget_and_the_budget_is_not_idle(string name)
    {
        var step = HotPath.All.Single(each => each.Name == name);
        step.AllocatedBytes(Times);
        // What the runtime allocates for itself now and then (tiering, a timer) only ever adds: the least of a few runs is the step's own.
        var bytes = Enumerable.Range(0, 5).Min(_ => step.AllocatedBytes(Times));

        bytes.ShouldBeLessThanOrEqualTo(Budgets[name], $"bytes allocated by {name}; if that is worth it, say why and raise bench/budgets.json");
        bytes.ShouldBeGreaterThan(Budgets[name] * 0.8 - 8, $"{name} became better: lower bench/budgets.json to what it is");
    }

    [Fact]
    public void Every_budget_belongs_to_a_step() => Budgets.Keys.ShouldBe(HotPath.All.Select(step => step.Name), ignoreOrder: true);
}
