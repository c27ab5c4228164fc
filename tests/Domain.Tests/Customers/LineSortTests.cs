using ChainCrm.Domain.Customers;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>A line keeps category and brand in one place, and neither gets lost over the other.</summary>
public class LineSortTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("护肤", null)]
    [InlineData(null, "青禾")]
    [InlineData("护肤", "青禾")]
    public void In_whatever_order_they_are_said(string? category, string? brand)
    {
        PurchaseLine[] lines =
        [
            Line(1, 100) with { Category = category, Brand = brand },
            Line(1, 100) with { Brand = brand, Category = category },
            Line(1, 100) with { Category = "other", Brand = "other" } with { Category = category } with { Brand = brand },
            Line(1, 100) with { Category = "other", Brand = "other" } with { Brand = brand } with { Category = category },
        ];
        foreach (var line in lines)
        {
            (line.Category, line.Brand).ShouldBe((category, brand));
            line.ShouldBe(lines[0]);
        }
    }
}
