// Sample photos, drawn here: nobody's papers, and clearly so.

import { h } from "./dom.js";

const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

function canvas(width, height) {
  const element = h("canvas", { width, height });
  return [element, element.getContext("2d")];
}

function words(context, text, x, y, size, colour = "#222222") {
  context.fillStyle = colour;
  context.font = `${size}px ${FONT}`;
  context.fillText(text, x, y);
}

function idCard() {
  const [element, context] = canvas(860, 540);
  context.fillStyle = "#cfe3ea";
  context.fillRect(0, 0, 860, 540);
  context.fillStyle = "#e9f3f1";
  context.fillRect(14, 14, 832, 512);
  const rows = [
    ["姓名", "样本"],
    ["性别", "女    民族  汉"],
    ["出生", "1990 年 1 月 1 日"],
    ["住址", "安澜区样本路 1 号"],
  ];
  rows.forEach(([label, value], index) => {
    words(context, label, 50, 95 + index * 78, 26, "#3b6f8a");
    words(context, value, 140, 95 + index * 78, 32);
  });
  words(context, "公民身份号码", 50, 465, 26, "#3b6f8a");
  words(context, "000000199001010000", 240, 467, 36);
  context.fillStyle = "#b8ccd2";
  context.fillRect(590, 70, 210, 270);
  context.fillStyle = "#8fa7ae";
  context.beginPath();
  context.arc(695, 165, 55, 0, 7);
  context.fill();
  context.fillRect(625, 235, 140, 105);
  stamp(context);
  return element;
}

function stamp(context) {
  context.save();
  context.translate(430, 300);
  context.rotate(-0.35);
  words(context, "样本 仅供测试", -230, 20, 72, "rgb(179 38 30 / 35%)");
  context.restore();
}

function licence() {
  const [element, context] = canvas(860, 540);
  context.fillStyle = "#f7f1dc";
  context.fillRect(0, 0, 860, 540);
  context.strokeStyle = "#a88b3a";
  context.lineWidth = 8;
  context.strokeRect(18, 18, 824, 504);
  words(context, "营业执照", 318, 110, 56);
  words(context, "统一社会信用代码  000000000000000000", 70, 180, 26);
  words(context, "名    称  安澜区样本小吃店", 70, 250, 28);
  words(context, "类    型  个体工商户", 70, 310, 28);
  words(context, "经营者  样本", 70, 370, 28);
  words(context, "经营场所  安澜区样本路 1 号", 70, 430, 28);
  stamp(context);
  return element;
}

function filtered(source, filter) {
  const [element, context] = canvas(source.width, source.height);
  context.filter = filter;
  context.drawImage(source, 0, 0);
  return element;
}

/** The samples: name and a canvas each. */
export function samples() {
  return [
    ["身份证", idCard()],
    ["营业执照", licence()],
    ["身份证(模糊)", filtered(idCard(), "blur(7px)")],
    ["身份证(太暗)", filtered(idCard(), "brightness(0.18)")],
  ];
}

/** Turn a sample into a JPEG. */
export function toJpeg(element) {
  return new Promise((resolve) => element.toBlob(resolve, "image/jpeg", 0.88));
}
