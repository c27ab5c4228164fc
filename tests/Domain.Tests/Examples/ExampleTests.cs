using Shouldly;

namespace ChainCrm.Domain.Tests.Examples;

/// <summary>Every row of docs/domain/examples.md, worked out by the product.</summary>
public class ExampleTests
{
    private const int ExamplesMin = 150;
    private static readonly ExampleBook Book = ExampleBook.Load();

    public static TheoryData<int> Numbers => [.. Book.Rows.Select(row => row.Number).Distinct()];

    private static List<ExampleRow> RowsOf(int number) => [.. Book.Rows.Where(row => row.Number == number)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void An_example_is_as_it_stands_in_the_document(int number) => ExampleRun.Check(Book, RowsOf(number)).ShouldBeEmpty();

    [Fact]
    public void There_are_at_least_a_hundred_and_fifty_examples_numbered_without_gaps()
    {
        var numbers = Book.Rows.Select(row => row.Number).Distinct().ToList();
        numbers.Count.ShouldBeGreaterThanOrEqualTo(ExamplesMin);
        numbers.ShouldBe(Enumerable.Range(1, numbers.Count));
    }

    [Fact]
    public void No_two_examples_are_the_same() =>
        Book.Rows.GroupBy(row => row.Number).Select(example => string.Join('\n', example.Select(row => $"{row.Chapter.Patch} {string.Join('|', row.Given)} {row.Chapter.Rules.Count}")))
            .GroupBy(text => text).Where(same => same.Count() > 1).Select(same => same.Key).ShouldBeEmpty();

    [Fact]
    public void Every_rule_of_a_chapter_is_in_force_in_some_row()
    {
        foreach (var chapter in Book.Rows.Select(row => row.Chapter).Distinct())
            chapter.Rules.Keys.Except(Book.Rows.Where(row => row.Chapter == chapter).SelectMany(row => row.Given[3].Split(' '))).ShouldBeEmpty();
    }

    [Fact]
    public void A_changed_figure_is_noticed_in_every_row()
    {
        foreach (var row in Book.Rows)
        {
            for (var i = 0; i < row.Expected.Count; i++)
            {
                var changed = row with { Expected = [.. row.Expected.Select((figure, at) => at == i ? figure + "1" : figure)] };
                var wrong = ExampleRun.Check(Book, [.. RowsOf(row.Number).Select(other => other == row ? changed : other)]);
                wrong.ShouldHaveSingleItem().ShouldStartWith($"{row.No}: ");
            }
        }
    }
}
