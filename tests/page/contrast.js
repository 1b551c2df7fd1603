// Contrast as WCAG reckons it, of every label’s line and words against what lies behind them.
() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const paint = (...layers) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const each of layers) { canvas.fillStyle = each; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const root = getComputedStyle(document.querySelector('.kit-task'));
  const page = root.backgroundColor;
  return [...document.querySelectorAll('.kit-label .kit-line')].map((each) => {
    const style = getComputedStyle(each);
    const behind = paint(page, style.backgroundColor);
    const line = paint(page, style.textDecorationColor);
    const words = ratio(paint(page, root.color), behind);
    return { words, line: Math.min(ratio(line, behind), ratio(line, paint(page))) };
  });
}
